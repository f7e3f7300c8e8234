<?php

declare(strict_types=1);

namespace Tourniquet\Observe\Persons;

/** Names of fields that hold personal data in answers, rows and forms, with their data class. Only these names reach the log. */
final class Vocabulary
{
    private const CLASSES = [
        'email' => 'pii.email', 'user_email' => 'pii.email', 'billing_email' => 'pii.email', 'customer_email' => 'pii.email',
        'author_email' => 'pii.email', 'comment_author_email' => 'pii.email', 'reviewer_email' => 'pii.email',
        'first_name' => 'pii.name', 'last_name' => 'pii.name', 'full_name' => 'pii.name', 'display_name' => 'pii.name',
        'name' => 'pii.name', 'nickname' => 'pii.name', 'username' => 'pii.name', 'user_login' => 'pii.name',
        'author_name' => 'pii.name', 'reviewer' => 'pii.name', 'customer_name' => 'pii.name', 'patient_name' => 'pii.name',
        'phone' => 'pii.phone', 'telephone' => 'pii.phone', 'mobile' => 'pii.phone', 'billing_phone' => 'pii.phone', 'shipping_phone' => 'pii.phone',
        'address' => 'pii.address', 'address_1' => 'pii.address', 'address_2' => 'pii.address', 'street' => 'pii.address',
        'postcode' => 'pii.address', 'zip' => 'pii.address', 'city' => 'pii.address',
        'customer_ip_address' => 'pii.ip', 'ip_address' => 'pii.ip', 'user_ip' => 'pii.ip', 'author_ip' => 'pii.ip',
        'birthday' => 'pii.birth_date', 'birth_date' => 'pii.birth_date', 'date_of_birth' => 'pii.birth_date', 'dob' => 'pii.birth_date',
        'diagnosis' => 'phi.diagnosis', 'icd_code' => 'phi.diagnosis', 'symptoms' => 'phi.diagnosis',
        'prescription' => 'phi.prescription', 'medication' => 'phi.medication', 'medical_record_number' => 'phi.mrn', 'mrn' => 'phi.mrn',
        'insurance_number' => 'phi.insurance_id', 'iban' => 'fin.iban', 'account_number' => 'fin.bank_account',
        'customer_note' => '', 'note' => '', 'message' => '',
    ];

    private const SENSITIVE = '/^(?:billing|shipping|customer|patient|author|user|your)?[_ -]?([a-z0-9_ -]+)$/';

    /** The name as the log says it, and its data class (empty for free text); null for every other name. */
    public static function of(string $name): ?array
    {
        $name = strtolower(trim(str_replace(['-', ' '], '_', $name), '_'));
        if (isset(self::CLASSES[$name])) {
            return [$name, self::CLASSES[$name]];
        }
        if (strlen($name) > 40 || preg_match(self::SENSITIVE, $name, $match) !== 1) {
            return null;
        }
        return isset(self::CLASSES[$match[1]]) ? [$match[1], self::CLASSES[$match[1]]] : null;
    }
}
