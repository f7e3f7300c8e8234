<?php

declare(strict_types=1);

namespace Tourniquet\Admin;

use Tourniquet\Contain\Measures;
use Tourniquet\Plugin;
use Tourniquet\Settings;

/** What the forms of the page, and WP-CLI, ask for. Answers a word for `Notices`. Rights and nonce are checked before. */
final class Deeds
{
    private Plugin $plugin;
    private ?SettingsForm $form;
    private string $detail = '';

    public function __construct(Plugin $plugin, ?SettingsForm $form = null)
    {
        $this->plugin = $plugin;
        $this->form = $form;
    }

    /** @param array<string, mixed> $given the unslashed fields of the form */
    public function do(string $asked, array $given): string
    {
        switch ($asked) {
            case 'enrol':
                return $this->enrol((string) ($given['tourniquet_line'] ?? ''));
            case 'settings':
                return $this->save($given);
            case 'undo':
                return $this->undo((int) ($given['tourniquet_counter'] ?? 0));
            case 'test':
                return $this->test();
            default:
                return '';
        }
    }

    /** What the spool or the gateway said to it, in English. */
    public function detail(): string
    {
        return $this->detail;
    }

    /** The line is used and forgotten: its secret is stored nowhere. */
    public function enrol(string $line): string
    {
        $line = trim($line);
        if (preg_match('/^tq1\.[A-Za-z0-9._-]{1,400}\z/', $line) !== 1) {
            return 'bad-line';
        }
        $problem = $this->plugin->spool()->enrol($line);
        if ($problem === null) {
            return 'enrolled';
        }
        $this->detail = $problem;
        return strpos($problem, 'reached') !== false ? 'unreachable' : (strpos($problem, 'refused') !== false ? 'refused' : 'not-enrolled');
    }

    /** Sends an event through the whole way, and waits a moment for the receipt. */
    public function test(): string
    {
        $this->plugin->journal()->urgent('process', 'test-event', ['wordpress.plugin.slug' => '']);
        return $this->ship(8) ? 'acknowledged' : 'unacknowledged';
    }

    /** Seals and ships for a while; whether nothing waits any more. */
    public function ship(int $seconds): bool
    {
        $this->plugin->journal()->flush();
        $spool = $this->plugin->spool();
        $containment = $this->plugin->containment();
        $spool->sealNow();
        $spool->ship((float) $seconds, [$containment, 'take'], $containment->highest());
        $status = $spool->status();
        return !empty($status['enrolled']) && (int) $status['outbox_blocks'] === 0;
    }

    /** @param array<string, mixed> $given */
    private function save(array $given): string
    {
        if ($this->form === null || !$this->form->read($given)) {
            return 'invalid';
        }
        $before = get_site_option(Settings::OPTION, []);
        $after = $this->form->values();
        update_site_option(Settings::OPTION, $after);
        $changed = [];
        foreach ($after as $name => $value) {
            if ((is_array($before) ? $before[$name] ?? Settings::DEFAULTS[$name] : null) !== $value) {
                $changed[] = $name;
            }
        }
        if ($changed !== []) {
            $this->plugin->journal()->urgent('configuration', 'settings-changed', [
                'wordpress.data.fields' => $changed,
                'wordpress.containment.mode' => in_array('containment', $changed, true) ? $after['containment'] : null,
            ]);
        }
        return 'saved';
    }

    private function undo(int $counter): string
    {
        if (!$this->plugin->settings()->get('owner_undo')) {
            return 'not-allowed';
        }
        if (!isset(Measures::all()[$counter])) {
            return '';
        }
        return $this->plugin->containment()->undoByOwner($counter) ? 'undone' : 'busy';
    }
}
