<?php

declare(strict_types=1);

namespace Tourniquet\Admin;

use Tourniquet\Plugin;

/** Tests of Site Health. Each is quick: what takes long was measured before and is only read. */
final class Health
{
    private const CLOCK_SECONDS = 120;

    private Plugin $plugin;

    public function __construct(Plugin $plugin)
    {
        $this->plugin = $plugin;
    }

    /**
     * @param mixed $tests
     * @return mixed
     */
    public function tests($tests)
    {
        if (!is_array($tests)) {
            return $tests;
        }
        foreach (['enrolled', 'shipping', 'spool', 'clock', 'keys', 'beat', 'containment'] as $name) {
            $tests['direct']['tourniquet_' . $name] = [
                'label' => 'Tourniquet: ' . $name,
                'test' => fn(): array => $this->test($name),
            ];
        }
        return $tests;
    }

    /** @return array<string, mixed> as Site Health wants it */
    public function test(string $name): array
    {
        try {
            [$status, $label, $text] = $this->answer($name, new Status($this->plugin));
        } catch (\Throwable $failure) {
            [$status, $label, $text] = ['recommended', __('Tourniquet could not be tested', 'tourniquet'), get_class($failure)];
        }
        return [
            'label' => $label,
            'status' => $status,
            'badge' => ['label' => __('Security', 'tourniquet'), 'color' => $status === 'good' ? 'blue' : 'red'],
            'description' => '<p>' . esc_html($text) . '</p>',
            'actions' => $status === 'good' ? '' : '<p><a href="' . esc_url(Pages::url()) . '">' . esc_html__('Open Tourniquet', 'tourniquet') . '</a></p>',
            'test' => 'tourniquet_' . $name,
        ];
    }

    /** @return array{string, string, string} status, label, text */
    private function answer(string $name, Status $status): array
    {
        switch ($name) {
            case 'enrolled':
                $trouble = $status->isEnrolled() ? $status->troubles()[0] ?? null : null;
                if ($trouble !== null) {
                    return ['critical', $trouble[0], $trouble[1]];
                }
                return $status->isEnrolled()
                    ? ['good', __('The access log is connected', 'tourniquet'), __('This site is enrolled at its gateway.', 'tourniquet')]
                    : ['critical', __('The access log is not connected', 'tourniquet'), __('Nothing is sent until an enrolment line was pasted on the page of Tourniquet.', 'tourniquet')];
            case 'shipping':
                return !$status->isEnrolled() || $status->isShipping()
                    ? ['good', __('The access log is shipped', 'tourniquet'), __('No line waits for longer than a few minutes.', 'tourniquet')]
                    : ['critical', __('The access log is not shipped', 'tourniquet'), __('The gateway cannot be reached, or refuses lines. They are kept in the spool until it is full.', 'tourniquet')];
            case 'spool':
                return self::spool($status);
            case 'clock':
                return self::clock((int) $status->spool('clock_skew_ms'));
            case 'keys':
                return self::keys();
            case 'beat':
                return !$status->isEnrolled() || $status->beats()
                    ? ['good', __('The heartbeat of the access log works', 'tourniquet'), __('The site reports each minute, also when nobody visits it.', 'tourniquet')]
                    : ['recommended', __('The heartbeat of the access log has stopped', 'tourniquet'), __('The server cannot call itself. Let a cron job call ship.php of the plugin each minute.', 'tourniquet')];
            default:
                return $this->plugin->settings()->get('containment') === 'enforce'
                    ? ['good', __('Containment is armed', 'tourniquet'), __('Signed commands of the security team are carried out.', 'tourniquet')]
                    : ['recommended', __('Containment is a dry run', 'tourniquet'), __('Signed commands of the security team are logged, but not carried out. Arm it when you have seen that they fit.', 'tourniquet')];
        }
    }

    /** @return array{string, string, string} */
    private static function spool(Status $status): array
    {
        $trouble = $status->spoolTroubles()[0] ?? null;
        if ($trouble !== null) {
            return ['critical', $trouble[0], $trouble[1]];
        }
        return $status->isServed() === null
            ? ['recommended', __('Whether the spool can be read from outside is not known', 'tourniquet'), __('The server could not ask itself for a file of the spool. Try to put the spool outside of the web root.', 'tourniquet')]
            : ['good', __('The spool cannot be read from outside', 'tourniquet'), __('The web server does not hand out files of the spool.', 'tourniquet')];
    }

    /** @return array{string, string, string} */
    private static function clock(int $skewMs): array
    {
        return abs($skewMs) <= self::CLOCK_SECONDS * 1000
            ? ['good', __('The clock of the server is right', 'tourniquet'), __('It agrees with the gateway\'s.', 'tourniquet')]
            : ['recommended', __('The clock of the server is wrong', 'tourniquet'), __('It differs from the gateway\'s by more than two minutes. Times on the log are wrong, and signed commands may be refused as expired.', 'tourniquet')];
    }

    /** @return array{string, string, string} */
    private static function keys(): array
    {
        return extension_loaded('sodium')
            ? ['good', __('Signatures are made by PHP itself', 'tourniquet'), __('The sodium extension is loaded.', 'tourniquet')]
            : ['recommended', __('Signatures are slow on this server', 'tourniquet'), __('PHP lacks the sodium extension, so WordPress\'s own code signs lines, much slower.', 'tourniquet')];
    }
}
