<?php

declare(strict_types=1);

namespace Tourniquet\Outbound;

use Tourniquet\Record\Subjects;

/** A mail as `wp_mail` takes it. */
final class Letter
{
    private const MOST_BYTES = 131072;
    private const MOST_RECIPIENTS = 1000;

    /** @var list<string> of all recipients, copies included */
    public array $addresses = [];
    /** Subject and body without markup. */
    public string $text = '';
    public int $bytes = 0;
    public int $attachments = 0;
    /** @var list<string> endings of the attachments' names */
    public array $kinds = [];

    /** @param array<string, mixed> $letter */
    public static function of(array $letter): self
    {
        $made = new self();
        $message = is_string($letter['message'] ?? null) ? $letter['message'] : '';
        $made->bytes = strlen($message);
        $made->text = (string) ($letter['subject'] ?? '') . "\n" . html_entity_decode(strip_tags(str_replace('<', ' <', substr($message, 0, self::MOST_BYTES))), ENT_QUOTES);
        $made->address($letter['to'] ?? '');
        $headers = $letter['headers'] ?? [];
        foreach (is_array($headers) ? $headers : explode("\n", str_replace("\r\n", "\n", (string) $headers)) as $name => $header) {
            $line = is_string($name) ? $name . ': ' . (is_string($header) ? $header : '') : (string) $header;
            if (preg_match('/^\s*b?cc\s*:(.*)$/is', $line, $copies) === 1) {
                $made->address($copies[1]);
            }
        }
        foreach ((array) ($letter['attachments'] ?? []) as $file) {
            if (is_string($file) && trim($file) !== '') {
                $made->attachments++;
                $ending = strtolower(pathinfo(trim($file), PATHINFO_EXTENSION));
                $made->kinds[] = preg_match('/^[a-z0-9]{1,8}$/', $ending) === 1 ? $ending : 'other';
                $made->bytes += is_file(trim($file)) ? (int) filesize(trim($file)) : 0;
            }
        }
        $made->kinds = array_values(array_unique($made->kinds));
        return $made;
    }

    public function recipients(string $type): Subjects
    {
        $subjects = new Subjects();
        foreach ($this->addresses as $address) {
            // A few look-ups of accounts, not one for each of a newsletter's readers.
            $user = count($this->addresses) <= 3 ? get_user_by('email', $address) : false;
            $subjects->add($user instanceof \WP_User && $type === 'contact' ? 'user' : $type, 'email', $address);
        }
        return $subjects;
    }

    /** The domain all go to; empty where there are several, or where it could name a person. */
    public function domain(): string
    {
        $domains = array_unique(array_map(static fn(string $address): string => strtolower(substr((string) strrchr($address, '@'), 1)), $this->addresses));
        $domain = count($domains) === 1 ? (string) reset($domains) : '';
        foreach ($this->addresses as $address) {
            foreach (preg_split('/[^a-z]+/', strtolower((string) strstr($address, '@', true))) ?: [] as $word) {
                if (strlen($word) > 3 && strpos($domain, $word) !== false) {
                    return '';
                }
            }
        }
        return preg_match('/^[a-z0-9.-]{1,253}$/', $domain) === 1 ? $domain : '';
    }

    /** @param mixed $to one or several, also parted by commas */
    private function address($to): void
    {
        foreach (is_array($to) ? $to : [$to] as $list) {
            if (is_string($list) && preg_match_all('/[^\s<>,;"]+@[^\s<>,;"]+/', $list, $found) > 0) {
                $this->addresses = array_slice(array_values(array_unique(array_merge($this->addresses, $found[0]))), 0, self::MOST_RECIPIENTS);
            }
        }
    }
}
