<?php

declare(strict_types=1);

namespace Tourniquet\Classify;

/**
 * What a pattern cannot say. Each takes the text and a span (start, end) and answers the part that is meant, or null. The
 * names are those of the packs.
 */
final class Validators
{
    private const BY_NAME = [
        'email' => [Contacts::class, 'email'],
        'phone' => [Contacts::class, 'phone'],
        'phone-bracketed' => [Contacts::class, 'phoneBracketed'],
        'phone-national' => [Contacts::class, 'phoneNational'],
        'person-name' => [Contacts::class, 'personName'],
        'postal-address' => [Contacts::class, 'postalAddress'],
        'birth-date' => [Papers::class, 'birthDate'],
        'passport-number' => [Papers::class, 'passportNumber'],
        'licence-number' => [Papers::class, 'licenceNumber'],
        'ssn' => [Papers::class, 'ssn'],
        'unlabelled' => [Surroundings::class, 'unlabelled'],
        'iban' => [Money::class, 'iban'],
        'card' => [Money::class, 'card'],
        'short-card' => [Money::class, 'shortCard'],
        'track' => [Money::class, 'track'],
        'verification-code' => [Money::class, 'verificationCode'],
        'routing-number' => [Money::class, 'routingNumber'],
        'account-number' => [Money::class, 'accountNumber'],
        'stands-alone' => [HealthNumbers::class, 'standsAlone'],
        'record-number' => [HealthNumbers::class, 'recordNumber'],
        'not-otherwise-labelled' => [HealthNumbers::class, 'notOtherwiseLabelled'],
        'npi' => [HealthNumbers::class, 'npi'],
        'dea' => [HealthNumbers::class, 'dea'],
        'nhs' => [HealthNumbers::class, 'nhs'],
        'nhs-spaced' => [HealthNumbers::class, 'nhsSpaced'],
        'kvnr' => [HealthNumbers::class, 'kvnr'],
        'au-medicare' => [HealthNumbers::class, 'auMedicare'],
        'icd10' => [HealthNumbers::class, 'icd10'],
        'beside-condition' => [HealthPhrases::class, 'besideCondition'],
        'condition-far' => [HealthPhrases::class, 'conditionFar'],
        'condition-near' => [HealthPhrases::class, 'conditionNear'],
        'medicine-near' => [HealthPhrases::class, 'medicineNear'],
        'medicine-before' => [HealthPhrases::class, 'medicineBefore'],
        'person-meant' => [HealthPhrases::class, 'personMeant'],
        'person-named' => [HealthPhrases::class, 'personNamed'],
        'person-or-note' => [HealthPhrases::class, 'personOrNote'],
        'entropy' => [Secrets::class, 'entropy'],
        'issued' => [Secrets::class, 'issued'],
        'random' => [Secrets::class, 'random'],
        'ended' => [Secrets::class, 'ended'],
        'jwt' => [Secrets::class, 'jwt'],
        'private-key' => [Secrets::class, 'privateKey'],
        'basic-credentials' => [Secrets::class, 'basicCredentials'],
        'plain-credentials' => [Secrets::class, 'plainCredentials'],
        'password' => [Secrets::class, 'password'],
        'told-password' => [Secrets::class, 'toldPassword'],
        'assigned-generic' => [Secrets::class, 'assignedGeneric'],
    ];

    /**
     * @param list<string> $names each judges what the one before it left
     * @param array{int, int} $span
     * @return array{int, int}|null
     */
    public static function judge(array $names, string $text, array $span): ?array
    {
        foreach ($names as $name) {
            $method = self::BY_NAME[$name] ?? null;
            if ($method === null) {
                $span = NationalNumbers::find($name, $text, $span[0], $span[1]);
            } else {
                $span = $method($text, $span[0], $span[1]);
            }
            if ($span === null) {
                return null;
            }
        }
        return $span;
    }
}
