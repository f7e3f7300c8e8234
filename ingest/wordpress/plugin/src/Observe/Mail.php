<?php

declare(strict_types=1);

namespace Tourniquet\Observe;

use Tourniquet\Classify\Findings;
use Tourniquet\Guarded;
use Tourniquet\Outbound\Letter;
use Tourniquet\Outbound\MailTemplate;
use Tourniquet\Record\ActingPlugin;
use Tourniquet\Watcher;

/** Mail through `wp_mail`: to whom, by which template, with what kinds of data; not what it says. */
final class Mail extends Watcher
{
    /** @var list<array{key: string, letter: Letter, template: string, slug: string}> written and not yet sent */
    private array $written = [];
    private ?MailTemplate $template = null;

    public function register(): void
    {
        Guarded::look('wp_mail', fn($letter) => $this->write(is_array($letter) ? $letter : []), PHP_INT_MAX);
        Guarded::look('pre_wp_mail', fn($sent, $letter) => $this->sentByOthers($sent, is_array($letter) ? $letter : []), PHP_INT_MAX, 2);
        Guarded::action('wp_mail_succeeded', fn($letter) => $this->tell(is_array($letter) ? $letter : [], 'success', ''));
        Guarded::action('wp_mail_failed', fn($error) => $this->failed($error));
        // WooCommerce names its templates here, right before it sends.
        Guarded::look('woocommerce_email_headers', fn($headers, $id) => $this->template()->name((string) $id), PHP_INT_MAX, 2);
    }

    /** @param array<string, mixed> $letter */
    private function write(array $letter): void
    {
        if ($this->written === []) {
            Guarded::action('shutdown', function (): void {
                foreach (array_splice($this->written, 0) as $written) {
                    $this->record($written, 'unknown', '');
                }
            }, PHP_INT_MAX - 1);
        }
        $this->written[] = ['key' => self::key($letter), 'letter' => Letter::of($letter), 'template' => $this->template()->current(), 'slug' => ActingPlugin::slug()];
    }

    /**
     * A plugin that sends in WordPress' place answers here.
     *
     * @param mixed $sent null when WordPress itself sends
     * @param array<string, mixed> $letter
     */
    private function sentByOthers($sent, array $letter): void
    {
        if ($sent !== null) {
            $this->tell($letter, $sent ? 'success' : 'failure', '');
        }
    }

    /** @param mixed $error */
    private function failed($error): void
    {
        if (is_wp_error($error)) {
            $letter = $error->get_error_data();
            $this->tell(is_array($letter) ? $letter : [], 'failure', (string) $error->get_error_code());
        }
    }

    /** @param array<string, mixed> $letter */
    private function tell(array $letter, string $outcome, string $reason): void
    {
        // Headers and recipients come back in another form, the subject as it was.
        $key = self::key($letter);
        for ($i = count($this->written) - 1; $i >= 0; $i--) {
            if ($this->written[$i]['key'] === $key) {
                [$written] = array_splice($this->written, $i, 1);
                $this->record($written, $outcome, $reason);
                return;
            }
        }
    }

    /** @param array{key: string, letter: Letter, template: string, slug: string} $written */
    private function record(array $written, string $outcome, string $reason): void
    {
        $letter = $written['letter'];
        $findings = Findings::of($letter->text);
        $recipients = $letter->recipients(strncmp($written['template'], 'customer_', 9) === 0 ? 'customer' : 'contact');
        $named = $findings->without(Findings::of(implode("\n", $letter->addresses)))->count();
        $subjects = $recipients->merge($findings->subjects());
        $this->journal->record('email', 'mail-sent', [
            'event.outcome' => $outcome,
            'event.reason' => $reason,
            'wordpress.plugin.slug' => $written['slug'],
            'wordpress.mail.template' => $written['template'],
            'wordpress.mail.recipients' => count($letter->addresses),
            'wordpress.mail.foreign_subjects' => $named > 0 ? $named : null,
            'wordpress.mail.bytes' => $letter->bytes,
            'wordpress.mail.attachments' => $letter->attachments > 0 ? $letter->attachments : null,
            'wordpress.mail.attachment_kinds' => $letter->kinds,
            'destination.domain' => $letter->domain(),
            'wordpress.data.records' => $subjects->count(),
        ] + $findings->fields(), $subjects);
    }

    private function template(): MailTemplate
    {
        return $this->template ??= new MailTemplate();
    }

    /** @param array<string, mixed> $letter */
    private static function key(array $letter): string
    {
        return hash('sha256', (string) ($letter['subject'] ?? '') . "\n" . (is_string($letter['message'] ?? null) ? $letter['message'] : ''));
    }
}
