<?php

declare(strict_types=1);

namespace Tourniquet\Admin;

use Tourniquet\Chain\Base64Url;
use Tourniquet\Contain\Measures;
use Tourniquet\Plugin;
use Tourniquet\Settings;

/** The page: connection, spool, what is captured, containment, what plugins call, settings. Works without JavaScript. */
final class StatusPage
{
    private Plugin $plugin;
    private SettingsForm $form;
    private Status $status;

    public function __construct(Plugin $plugin, SettingsForm $form)
    {
        $this->plugin = $plugin;
        $this->form = $form;
        $this->status = new Status($plugin);
    }

    /** @param array{string, string}|null $notice kind and text */
    public function show(?array $notice): void
    {
        echo '<div class="wrap tourniquet"><h1>' . esc_html__('Tourniquet', 'tourniquet') . '</h1>';
        if ($notice !== null) {
            echo '<div class="notice notice-' . esc_attr($notice[0]) . '" role="' . ($notice[0] === 'success' ? 'status' : 'alert') . '"><p>' . esc_html($notice[1]) . '</p></div>';
        }
        foreach (['showConnection', 'showSpool', 'showCaptured', 'showPolicy', 'showMeasures', 'showCommands', 'showOutbound', 'showFindings'] as $part) {
            try {
                $this->$part();
            } catch (\Throwable $failure) {
                \Tourniquet\Guarded::failed($failure);
                echo '<p>' . esc_html__('This part of the page could not be shown.', 'tourniquet') . '</p>';
            }
        }
        echo '<h2>' . esc_html__('Settings', 'tourniquet') . '</h2>';
        $this->form->show();
        echo '</div>';
    }

    private function showConnection(): void
    {
        Cells::heading(__('Connection', 'tourniquet'));
        if (!$this->status->isEnrolled()) {
            Cells::state('bad', __('Not connected', 'tourniquet'), __('Ask your security team for an enrolment line ("tourniquet site add" prints it) and paste it here. It works once; nothing of it is kept in the database.', 'tourniquet'));
        } else {
            $isFine = $this->status->isShipping();
            Cells::state($isFine ? 'good' : 'bad', $isFine ? __('Connected', 'tourniquet') : __('Connected, but not shipping', 'tourniquet'), '');
            foreach ($this->status->troubles() as [$label, $text]) {
                Cells::state('bad', $label, $text);
            }
            Cells::table(__('Connection', 'tourniquet'), [
                [__('Site', 'tourniquet'), (string) $this->status->spool('site')],
                [__('Gateway', 'tourniquet'), (string) $this->status->spool('gateway_host')],
                [__('Last shipped', 'tourniquet'), Cells::ago(intdiv((int) $this->status->spool('last_shipped_ms'), 1000))],
                [__('Last problem', 'tourniquet'), trim($this->status->spool('error_code') . ' ' . $this->status->spool('error'))],
                [__('Chain', 'tourniquet'), sprintf(
                    /* translators: 1: epoch, 2: number of the next line */
                    __('epoch %1$s, next line %2$s', 'tourniquet'),
                    number_format_i18n((int) $this->status->spool('chain_epoch')),
                    number_format_i18n((int) $this->status->spool('chain_next_seq'))
                )],
                [__('Chain head', 'tourniquet'), (string) $this->status->spool('chain_head')],
                [__('Key that signs commands', 'tourniquet'), Base64Url::encode($this->plugin->spool()->identity()->commandKey())],
            ]);
            echo '<form method="post">';
            Pages::submit('test', __('Send a test event', 'tourniquet'));
            echo '</form>';
        }
        $this->showEnrolment();
    }

    private function showEnrolment(): void
    {
        echo '<form method="post" class="tourniquet-enrol"><p><label for="tourniquet_line">';
        echo $this->status->isEnrolled() ? esc_html__('New enrolment line (connects the site anew)', 'tourniquet') : esc_html__('Enrolment line', 'tourniquet');
        echo '</label> <input type="password" id="tourniquet_line" name="tourniquet_line" class="regular-text code" autocomplete="off" spellcheck="false" required></p>';
        Pages::submit('enrol', __('Connect', 'tourniquet'), !$this->status->isEnrolled());
        echo '</form>';
    }

    private function showSpool(): void
    {
        Cells::heading(__('Spool', 'tourniquet'));
        $served = $this->status->isServed();
        foreach ($this->status->spoolTroubles() as [$label, $text]) {
            Cells::state('bad', $label, $text);
        }
        Cells::table(__('Spool', 'tourniquet'), [
            [__('Directory', 'tourniquet'), (string) $this->status->spool('directory')],
            [__('Readable from outside', 'tourniquet'), $served === null ? __('not known yet', 'tourniquet') : ($served ? __('yes', 'tourniquet') : __('no', 'tourniquet'))],
            [__('Size', 'tourniquet'), size_format((int) $this->status->spool('spool_bytes'), 1) ?: '0 B'],
            [__('Lines that wait', 'tourniquet'), number_format_i18n((int) $this->status->spool('lines_waiting'))],
            [__('Blocks that wait', 'tourniquet'), number_format_i18n((int) $this->status->spool('outbox_blocks'))],
            [__('Blocks that the gateway refused', 'tourniquet'), number_format_i18n((int) $this->status->spool('refused_blocks'))],
            [__('Lines lost', 'tourniquet'), number_format_i18n((int) $this->status->spool('lost_lines'))],
        ]);
    }

    private function showCaptured(): void
    {
        Cells::heading(__('What is captured', 'tourniquet'));
        echo '<ul class="ul-disc">';
        foreach (
            [
                __('Who: log-ins, failures, sessions, application passwords, accounts, roles', 'tourniquet'),
                __('Reads of persons\' data: orders, profiles, lists, REST, searches, exports, downloads', 'tourniquet'),
                __('Changes: plugins, themes, code files, settings that matter, keys, webhooks, payment settings', 'tourniquet'),
                __('What leaves the site: calls to other services, mail, AI services; without the content', 'tourniquet'),
                __('Persons appear as keyed pseudonyms. No text, name, address or secret is written.', 'tourniquet'),
            ] as $line
        ) {
            echo '<li>' . esc_html($line) . '</li>';
        }
        echo '</ul><p>';
        echo Status::isMustUse()
            ? esc_html__('It is loaded as must-use plugin: nobody can switch it off in wp-admin.', 'tourniquet')
            : esc_html__('It is loaded as an ordinary plugin: who may switch plugins off can switch it off, too. The file mu-plugins/tourniquet.php in its folder says how to prevent that.', 'tourniquet');
        echo '</p>';
    }

    private function showPolicy(): void
    {
        Cells::heading(__('Policy of the security team', 'tourniquet'));
        $rows = [];
        foreach (Settings::POLICY_NAMES as $name) {
            if ($this->plugin->settings()->isPolicy($name)) {
                $rows[] = [SettingFields::all()[$name]['label'] ?? $name, SettingRules::text($name, $this->plugin->settings()->get($name)) ?: __('no', 'tourniquet')];
            }
        }
        if ($rows === []) {
            echo '<p>' . esc_html__('None: the settings below hold.', 'tourniquet') . '</p>';
            return;
        }
        foreach (Measures::all() as $counter => $measure) {
            if ($measure['action'] === 'set-policy') {
                /* translators: 1: number of the command, 2: time */
                echo '<p>' . esc_html(sprintf(__('Set by signed command %1$s, %2$s.', 'tourniquet'), number_format_i18n((int) $counter), Cells::ago($measure['since']))) . '</p>';
            }
        }
        Cells::table(__('Policy in force', 'tourniquet'), $rows);
    }

    private function showMeasures(): void
    {
        Cells::heading(__('Measures in force', 'tourniquet'));
        $isArmed = $this->plugin->settings()->get('containment') === 'enforce';
        echo '<p>' . ($isArmed ? esc_html__('Signed commands are carried out.', 'tourniquet') : esc_html__('Dry run: signed commands are only logged.', 'tourniquet')) . '</p>';
        $measures = Measures::all();
        if ($measures === []) {
            echo '<p>' . esc_html__('None.', 'tourniquet') . '</p>';
            return;
        }
        $mayUndo = (bool) $this->plugin->settings()->get('owner_undo');
        Cells::open(__('Measures in force', 'tourniquet'), [__('Command', 'tourniquet'), __('Measure', 'tourniquet'), __('Target', 'tourniquet'), __('Since', 'tourniquet'), __('Until', 'tourniquet'), __('Undo', 'tourniquet')]);
        foreach ($measures as $counter => $measure) {
            Cells::row([number_format_i18n((int) $counter), Words::action($measure['action']), $measure['target'], Cells::ago($measure['since']), $measure['until'] > 0 ? Cells::time($measure['until']) : __('it is undone', 'tourniquet')], static function () use ($counter, $measure, $mayUndo): void {
                if (!$mayUndo) {
                    echo esc_html__('only by the security team', 'tourniquet');
                    return;
                }
                echo '<form method="post"><input type="hidden" name="tourniquet_counter" value="' . esc_attr((string) $counter) . '">';
                /* translators: 1: what a measure does, 2: to what */
                Pages::submit('undo', sprintf(__('Undo: %1$s %2$s', 'tourniquet'), Words::action($measure['action']), $measure['target']));
                echo '</form>';
            });
        }
        Cells::close();
    }

    private function showCommands(): void
    {
        $entries = array_slice($this->plugin->containment()->ledger()->entries(), 0, 10, true);
        Cells::heading(__('Last commands', 'tourniquet'));
        if ($entries === []) {
            echo '<p>' . esc_html__('None yet.', 'tourniquet') . '</p>';
            return;
        }
        Cells::open(__('Last commands', 'tourniquet'), [__('Command', 'tourniquet'), __('Measure', 'tourniquet'), __('Target', 'tourniquet'), __('Taken', 'tourniquet'), __('Outcome', 'tourniquet')]);
        foreach ($entries as $entry) {
            Cells::row([number_format_i18n($entry['counter']), Words::action($entry['action']), $entry['target'], Cells::ago($entry['at']), Words::state($entry['state']) . ($entry['reason'] === '' ? '' : ' (' . $entry['reason'] . ')')]);
        }
        Cells::close();
    }

    private function showOutbound(): void
    {
        Cells::heading(__('What plugins call', 'tourniquet'));
        Outgoing::show();
    }

    private function showFindings(): void
    {
        $findings = $this->plugin->discovery()->lastFindings();
        Cells::heading(__('Personal data at rest', 'tourniquet'));
        if ($findings === []) {
            echo '<p>' . esc_html__('Nothing was found yet, or no scan has run. Switch on the nightly scan below, or run "wp tourniquet discover".', 'tourniquet') . '</p>';
            return;
        }
        Cells::open(__('Where it lies', 'tourniquet'), [__('Place', 'tourniquet'), __('Kinds', 'tourniquet'), __('Records', 'tourniquet')]);
        foreach (array_slice($findings, 0, 50) as $finding) {
            Cells::row([$finding['place'], implode(', ', array_keys($finding['classes'])), number_format_i18n($finding['records'])]);
        }
        Cells::close();
    }
}
