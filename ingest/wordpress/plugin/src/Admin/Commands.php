<?php

declare(strict_types=1);

namespace Tourniquet\Admin;

use Tourniquet\Integrity\Baseline;
use Tourniquet\Plugin;

/** `wp tourniquet …`. */
final class Commands
{
    private const SLICE_SECONDS = 5.0;

    private Plugin $plugin;

    private function __construct(Plugin $plugin)
    {
        $this->plugin = $plugin;
    }

    public static function register(Plugin $plugin): void
    {
        $commands = new self($plugin);
        $format = ['type' => 'assoc', 'name' => 'format', 'optional' => true, 'default' => 'table', 'options' => ['table', 'json']];
        $all = [
            'status' => [__('Shows whether the site is connected, what waits, and what is in force.', 'tourniquet'), [$format]],
            'test' => [__('Sends a test event and waits for the receipt.', 'tourniquet'), [$format]],
            'ship' => [__('Seals and ships all lines that wait.', 'tourniquet'), [$format]],
            'baseline' => [__('Records the hashes of all code files, or compares with those recorded.', 'tourniquet'), [
                ['type' => 'flag', 'name' => 'check', 'optional' => true, 'description' => __('Compares only.', 'tourniquet')], $format,
            ]],
            'discover' => [__('Looks for personal data, keys and cards at rest. Shows counts, kinds and places.', 'tourniquet'), [$format]],
            'enrol' => [__('Connects the site. Reads the enrolment line from standard input, so that it stands in no history.', 'tourniquet'), [
                ['type' => 'positional', 'name' => 'line', 'optional' => true, 'description' => __('The enrolment line; "-" or nothing reads it.', 'tourniquet')],
            ]],
        ];
        foreach ($all as $name => [$description, $synopsis]) {
            \WP_CLI::add_command('tourniquet ' . $name, static function ($positional = [], $named = []) use ($commands, $name): void {
                $commands->$name((array) $positional, (array) $named);
            }, ['shortdesc' => $description, 'synopsis' => $synopsis]);
        }
    }

    /** @param array<string, mixed> $named */
    private function status(array $positional, array $named): void
    {
        $this->show((new Status($this->plugin))->all(), $named);
    }

    /** @param array<string, mixed> $named */
    private function test(array $positional, array $named): void
    {
        $answer = (new Deeds($this->plugin))->test();
        $this->end($answer === 'acknowledged', Notices::of($answer)[1] ?? '', ['acknowledged' => $answer === 'acknowledged'], $named);
    }

    /** @param array<string, mixed> $named */
    private function ship(array $positional, array $named): void
    {
        $isEmpty = (new Deeds($this->plugin))->ship(60);
        $status = $this->plugin->spool()->status();
        $facts = ['shipped' => $isEmpty, 'lines_waiting' => $status['lines_waiting'] ?? null, 'outbox_blocks' => $status['outbox_blocks'] ?? null, 'error' => trim(($status['error_code'] ?? '') . ' ' . ($status['error'] ?? ''))];
        $this->end($isEmpty, $isEmpty ? __('All lines are shipped.', 'tourniquet') : __('Lines are left.', 'tourniquet') . ' ' . $facts['error'], $facts, $named);
    }

    /** @param array<string, mixed> $named */
    private function baseline(array $positional, array $named): void
    {
        $answer = empty($named['check']) ? Baseline::record() : Baseline::check();
        $this->end($answer !== null, $answer === null ? __('Not done: another process is at it, or the spool directory cannot be written.', 'tourniquet') : __('Done.', 'tourniquet'), $answer ?? ['done' => false], $named);
    }

    /** @param array<string, mixed> $named */
    private function discover(array $positional, array $named): void
    {
        $isJson = ($named['format'] ?? '') === 'json';
        $discovery = $this->plugin->discovery();
        $last = '';
        do {
            $isDone = $discovery->slice(self::SLICE_SECONDS, static function (string $place, int $looked) use (&$last, $isJson): void {
                if (!$isJson && $place !== $last) {
                    \WP_CLI::log(sprintf('%s (%d)', $place, $looked));
                }
                $last = $place;
            });
            if (!$isDone && $last === '') {
                \WP_CLI::error(__('Another scan is running.', 'tourniquet'));
                return;
            }
        } while (!$isDone);
        $findings = $discovery->lastFindings();
        if ($isJson) {
            \WP_CLI::line((string) wp_json_encode($findings));
            return;
        }
        foreach ($findings as $finding) {
            \WP_CLI::line(sprintf('%s  %d  %s', $finding['place'], $finding['records'], implode(', ', array_keys($finding['classes']))));
        }
        \WP_CLI::success(__('The scan is finished.', 'tourniquet'));
    }

    /** @param array<int, string> $positional */
    private function enrol(array $positional, array $named): void
    {
        $line = (string) ($positional[0] ?? '-');
        $line = $line === '-' ? (string) fgets(STDIN, 4096) : $line;
        $deeds = new Deeds($this->plugin);
        $answer = $deeds->enrol($line);
        $this->end($answer === 'enrolled', trim((Notices::of($answer)[1] ?? '') . ' ' . $deeds->detail()), ['enrolled' => $answer === 'enrolled'], $named);
    }

    /**
     * @param array<string, mixed> $facts
     * @param array<string, mixed> $named
     */
    private function end(bool $isGood, string $text, array $facts, array $named): void
    {
        if (($named['format'] ?? '') === 'json') {
            \WP_CLI::line((string) wp_json_encode($facts));
            if (!$isGood) {
                \WP_CLI::halt(1);
            }
        } elseif ($isGood) {
            \WP_CLI::success($text);
        } else {
            \WP_CLI::error($text);
        }
    }

    /**
     * @param array<string, mixed> $facts
     * @param array<string, mixed> $named
     */
    private function show(array $facts, array $named): void
    {
        if (($named['format'] ?? '') === 'json') {
            \WP_CLI::line((string) wp_json_encode($facts));
            return;
        }
        foreach ($facts as $name => $value) {
            \WP_CLI::line(sprintf('%-22s %s', $name, is_scalar($value) || $value === null ? var_export($value, true) : (string) wp_json_encode($value)));
        }
    }
}
