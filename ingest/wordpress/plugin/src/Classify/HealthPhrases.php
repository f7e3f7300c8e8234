<?php

declare(strict_types=1);

namespace Tourniquet\Classify;

/** Conditions and medicines, where a sentence speaks of somebody who has or takes them. */
final class HealthPhrases
{
    private const FAR = 160;
    private const NEAR = 80;
    private const BESIDE = 48;
    private const DRUG_BEFORE_DOSE = 60;
    /** Words between a cue and the first term. */
    private const MOST_WORDS_FAR = 10;
    private const MOST_WORDS_NEAR = 3;

    private const FOLDS = ['ä' => 'a', 'á' => 'a', 'à' => 'a', 'â' => 'a', 'ã' => 'a', 'å' => 'a', 'Ä' => 'A', 'é' => 'e', 'è' => 'e', 'ê' => 'e', 'ë' => 'e', 'É' => 'E', 'í' => 'i', 'ì' => 'i', 'î' => 'i', 'ï' => 'i', 'ö' => 'o', 'ó' => 'o', 'ò' => 'o', 'ô' => 'o', 'õ' => 'o', 'Ö' => 'O', 'ü' => 'u', 'ú' => 'u', 'ù' => 'u', 'û' => 'u', 'Ü' => 'U', 'ñ' => 'n', 'ç' => 'c', 'ß' => 'ss', 'ø' => 'o'];
    /** After these a sentence goes on about something else than the person's own health. */
    private const STOPS = '/\b(?:questions?|about|orders?|books?|blog|articles?|pages?|store|shop|products?|website|site|app|recipes?|resources|favou?rite|research|paper|essay|coupon|kit|charity|writ(?:e|ing)|wrote|translate|sell(?:s|ing)?|people|patients|customers|banner|season|sale|theme|poster|plugin|image|photo|campaign|newsletter|frage|bestellung|buch|artikel|seite|laden|menschen|kunden)\b/i';
    /** Words that make a thing of the term before them. */
    private const THINGS = '/^[ -](?:shots?|jab|zodiac|poster|tickets?|awareness|ribbon|necklace|season|kits?|books?|blog|foundation|conference|cream|patches|pillow|mask|drive|storage|plugin|theme|office)\b/i';

    /** Somebody in particular. */
    private const PERSONAL = '/(?<![A-Za-z0-9])(?:i|i[\'’](?:m|ve|d|ll)|im|ive|my|me|mine|myself|he|she|he[\'’]s|she[\'’]s|his|him|her|hers|mr|mrs|ms|miss|(?<!a |any |each |every |per |one )(?:patient(?:in)?|pt|client)(?:[\'’]s)?|wife|husband|(?:step)?(?:son|daughter)|mother|father|mom|mum|dad|brother|sister|grand(?:mother|father|ma|pa|son|daughter)|aunt|uncle|girlfriend|boyfriend|(?:year|yr)s?[- ]old|y\/?o|yof|yom|dob|mrn|nhs no|ich|mein(?:e[nmrs]?)?|mir|mich|ihm|ihn|herrn?|frau|sohn|tochter|mutter|vater|ehemann|ehefrau|kundin|oma|opa|mi|padezco|paciente|mme|je|j[\'’]ai|mon|mio|mia)(?![A-Za-z0-9])/i';
    private const NAMED = '/(?<![A-Za-z\x80-\xff])[A-Z][a-z]+,? (?:[A-Z]\.? )?[A-Z][a-z\'-]+(?:,? \(?\d{1,3}\b|,? aged? |,? (?:has|had|was|is|takes|took|suffers|suffered|needs|got|tested|underwent|reports|started|hat|nimmt|leidet|wurde|ist|bekommt|braucht) )|(?:prescribed|gave|treated|saw|diagnosed|admitted|referred|examined|discharged|for patient) [A-Z][a-z]+ [A-Z][a-z]+|\bDr\.? [A-Z][A-Za-z-]+ (?:prescribed|diagnosed|started|gave|put|recommended|told|referred)/';
    /** People at large, a reader, a product's promise. */
    private const GENERIC = '/(?<![A-Za-z0-9])(?:the history of|research|people|persons|those|anyone|anybody|someone|somebody|everyone|individuals|patients|adults|women|men|children|kids|teens|seniors|athletes|customers|users|sufferers|mothers|parents|dogs?|cats?|pets?|horses?|millions?|percent|one in|researchers|studies|study|scientists|(?:if|when|whether|once|before|should|unless|are|do|have|for) (?:you|your)|if (?:a|an|left|not)|(?:a|any|each|every|typical|per|one) (?:patient|person|woman|man|child|individual|doctor|parent)|risk of|risk for|symptoms of|types of|causes of|signs of|stages of|prevalence|awareness|overview|article|blog|guide|faq|learn|read more|shop|buy|supports?|helps?|designed|formulated|suitable|promotes?|menschen|personen|patienten|betroffene|viele|kinder|erwachsene|frauen|wenn (?:sie|du|man)|falls (?:sie|du)|ratgeber|hilft|geeignet|personas|pacientes|personnes)(?![A-Za-z0-9])/i';
    private const NOTE = '/\b(?:dx|pmhx?|hx|h\/o|c\/o|s\/p|assessment|impression|diagnos\w+|comorbidit\w+|problem list|medical history|chief complaint|reason for visit|status post|history of|tested|admitted|hospitali[sz]ed|presents? with|presented with|complain\w*|known case|infected with|vorerkrankung\w*|anamnese|verdacht auf|zustand nach|befund|erkrankt|leidet|leide|infiziert)\b/i';

    /** @return array{int, int}|null */
    public static function conditionFar(string $text, int $start, int $end): ?array
    {
        return self::behind(Signatures::conditions(), $text, $end, self::FAR, self::MOST_WORDS_FAR);
    }

    /** @return array{int, int}|null */
    public static function conditionNear(string $text, int $start, int $end): ?array
    {
        return self::behind(Signatures::conditions(), $text, $end, self::NEAR, self::MOST_WORDS_NEAR);
    }

    /** @return array{int, int}|null */
    public static function medicineNear(string $text, int $start, int $end): ?array
    {
        return self::behind(Signatures::medicines(), $text, $end, self::NEAR, self::MOST_WORDS_NEAR);
    }

    /** @return array{int, int}|null what was found is a dose; the value begins at the medicine before it */
    public static function medicineBefore(string $text, int $start, int $end): ?array
    {
        $from = max(0, $start - self::DRUG_BEFORE_DOSE);
        if (!preg_match_all(Signatures::medicines(), substr($text, $from, $start - $from), $found, PREG_OFFSET_CAPTURE)) {
            return null;
        }
        return [$from + $found[0][count($found[0]) - 1][1], $end];
    }

    /** @return array{int, int}|null a code counts when the condition it stands for is written beside it */
    public static function besideCondition(string $text, int $start, int $end): ?array
    {
        $from = max(0, $start - self::BESIDE);
        return preg_match(Signatures::conditions(), substr($text, $from, $end + self::BESIDE - $from)) === 1 ? [$start, $end] : null;
    }

    /** @return array{int, int}|null not what is said of people at large */
    public static function personMeant(string $text, int $start, int $end): ?array
    {
        $sentence = self::sentence($text, $start, $end);
        return preg_match(self::GENERIC, $sentence) !== 1 || self::isOfSomebody($sentence) ? [$start, $end] : null;
    }

    /** @return array{int, int}|null only what is said of somebody in particular */
    public static function personNamed(string $text, int $start, int $end): ?array
    {
        return self::isOfSomebody(self::sentence($text, $start, $end)) ? [$start, $end] : null;
    }

    /** @return array{int, int}|null the same, and what a clinical note says */
    public static function personOrNote(string $text, int $start, int $end): ?array
    {
        $sentence = self::sentence($text, $start, $end);
        return self::isOfSomebody($sentence) || preg_match(self::NOTE, $sentence) === 1 ? [$start, $end] : null;
    }

    /** @return array{int, int}|null */
    private static function behind(string $terms, string $text, int $from, int $reach, int $words): ?array
    {
        $part = (string) preg_replace('/(?:[;!?\r\n|]|(?<!\d)\.(?=\s|$)).*/s', '', substr($text, $from, $reach));
        [$plain, $places] = self::folded($part);
        if (preg_match($terms, $plain, $found, PREG_OFFSET_CAPTURE) !== 1) {
            return null;
        }
        [$term, $at] = $found[0];
        $between = substr($plain, 0, $at);
        if (str_word_count($between) > $words || ($words === self::MOST_WORDS_NEAR && preg_match(self::STOPS, $between) === 1)) {
            return null;
        }
        return preg_match(self::THINGS, substr($plain, $at + strlen($term))) === 1 ? null : [$from + $places[$at], $from + $places[$at + strlen($term)]];
    }

    /** @return array{string, array<int, int>} without accents, and for each byte of it the place in the text */
    private static function folded(string $text): array
    {
        $plain = '';
        $places = [];
        foreach (preg_split('/(?=[\x00-\x7f\xc0-\xff])/', $text, -1, PREG_SPLIT_NO_EMPTY | PREG_SPLIT_OFFSET_CAPTURE) ?: [] as [$character, $at]) {
            foreach (str_split(self::FOLDS[$character] ?? $character) as $byte) {
                $places[] = $at;
                $plain .= $byte;
            }
        }
        $places[] = strlen($text);
        return [$plain, $places];
    }

    private static function isOfSomebody(string $sentence): bool
    {
        return preg_match(self::PERSONAL, $sentence) === 1 || preg_match(self::NAMED, $sentence) === 1;
    }

    private static function sentence(string $text, int $start, int $end): string
    {
        $before = substr($text, max(0, $start - 160), min(160, $start));
        $before = (string) preg_replace('/.*(?:(?<!\bmr|\bms|\bdr|\bst|\bpt|mrs|geb)(?<!\d)[.!?](?=\s)|[\r\n])/is', '', $before);
        $behind = (string) preg_replace('/(?:[.!](?:\s|$)|[\r\n]).*/s', '', substr($text, $start, $end - $start + 80));
        return $before . $behind;
    }
}
