<?php

declare(strict_types=1);

namespace Tourniquet\Admin;

use Tourniquet\Contain\Measures;
use Tourniquet\Plugin;
use Tourniquet\Spool\SelfTest;

/** Where the site stands, for the page, Site Health and WP-CLI. No secret is in it. */
final class Status
{
    private const STALE_SECONDS = 900;

    private Plugin $plugin;
    /** @var array<string, mixed> see `Spool::status` */
    private array $spool;

    public function __construct(Plugin $plugin)
    {
        $this->plugin = $plugin;
        $this->spool = $plugin->spool()->status();
    }

    /** @return mixed a value of `Spool::status` */
    public function spool(string $name)
    {
        return $this->spool[$name] ?? null;
    }

    public function isEnrolled(): bool
    {
        return (bool) $this->spool('enrolled');
    }

    /** Whether lines got to the gateway lately, or there were none. */
    public function isShipping(): bool
    {
        $last = intdiv((int) $this->spool('last_shipped_ms'), 1000);
        return $this->isEnrolled() && ((string) $this->spool('error_code') === '' || $last > time() - self::STALE_SECONDS)
            && ($last > time() - self::STALE_SECONDS || (int) $this->spool('outbox_blocks') === 0);
    }

    /** Null while the self-test could not be made. */
    public function isServed(): ?bool
    {
        $answer = (string) $this->spool('self_test');
        if ($answer === SelfTest::SERVED) {
            return true;
        }
        return in_array($answer, [SelfTest::OUTSIDE, SelfTest::DENIED], true) || $this->spool('is_outside_web_root') === true ? false : null;
    }

    /** @return list<array{string, string}> what keeps an enrolled site from being whole: a heading and what to do */
    public function troubles(): array
    {
        $troubles = [];
        if ($this->spool('is_copy')) {
            $troubles[] = [__('This site is a copy of another', 'tourniquet'), __('Its lines are kept, but not sent under the other site\'s name. Connect it with an enrolment line of its own.', 'tourniquet')];
        } elseif ($this->spool('enrol_again')) {
            $troubles[] = [__('Connect the site again', 'tourniquet'), __('The gateway no longer knows its key. Lines are kept until then. Ask for a new enrolment line.', 'tourniquet')];
        }
        if ($this->isEnrolled() && !$this->spool('has_token_key')) {
            $troubles[] = [__('The key of the site has not come yet', 'tourniquet'), __('Until it comes, usually within a minute, nothing that names a person is written.', 'tourniquet')];
        }
        return $troubles;
    }

    /** @return list<array{string, string}> likewise, of the spool */
    public function spoolTroubles(): array
    {
        switch ((string) $this->spool('self_test')) {
            case SelfTest::SERVED:
                return [[__('The spool can be read from outside', 'tourniquet'), __('Set another spool directory below, or forbid this one in the configuration of the web server.', 'tourniquet')]];
            case SelfTest::NO_LOCKS:
                return [[__('Locks do not work on the drive of the spool', 'tourniquet'), __('Network drives often lack them. Set a spool directory on a local drive of each web server.', 'tourniquet')]];
            case SelfTest::NOT_WRITABLE:
                return [[__('The spool cannot be written', 'tourniquet'), __('Nothing is logged. Let the web server write to the directory, or set another one.', 'tourniquet')]];
            default:
                return [];
        }
    }

    /** Whether it beat in the last minutes. */
    public function beats(): bool
    {
        $age = $this->spool('beat_age_seconds');
        return is_numeric($age) && $age < 300;
    }

    /** @return array<string, mixed> for `wp tourniquet status` */
    public function all(): array
    {
        $settings = $this->plugin->settings();
        $measures = [];
        foreach (Measures::all() as $counter => $measure) {
            $measures[] = ['counter' => (int) $counter] + array_diff_key($measure, ['kept' => 1]);
        }
        return [
            'version' => TOURNIQUET_VERSION,
            'must_use' => self::isMustUse(),
            'containment' => $settings->get('containment'),
            'ai_policy' => $settings->get('ai_policy'),
            'measures' => $measures,
        ] + $this->spool;
    }

    public static function isMustUse(): bool
    {
        $mustUse = trailingslashit(wp_normalize_path(WPMU_PLUGIN_DIR));
        foreach (get_included_files() as $file) {
            if (wp_normalize_path($file) === $mustUse . 'tourniquet.php') {
                return true;
            }
        }
        return strncmp(wp_normalize_path(TOURNIQUET_FILE), $mustUse, strlen($mustUse)) === 0;
    }
}
