<?php

declare(strict_types=1);

namespace Tourniquet\Contain;

use Tourniquet\Classify\Content;
use Tourniquet\Integrity\FileWalk;
use Tourniquet\Integrity\Package;
use Tourniquet\Integrity\Part;
use Tourniquet\Integrity\Snapshot;
use Tourniquet\Record\Context;
use Tourniquet\Record\Redactor;

/** The parts of a forensic capture, each as lines of text. Bounded in files, rows and time. */
final class Evidence
{
    private const RECENT_SECONDS = 7 * 86400;
    private const MOST_FILES = 30000;
    private const MOST_LINES = 500;
    private const MOST_SECONDS = 15;
    private const LOG_LINES = 200;
    private const LOG_BYTES = 256 * 1024;

    /** How messages of PHP itself begin. */
    private const OWN_MESSAGES = '/^(?:Undefined |Uncaught (?:\w*Error|TypeError): |Call to |Cannot |Trying to |Attempt to |Return type of |Array to string|Division by zero|Allowed memory size|Maximum execution time|Failed opening|Unsupported operand|A non-numeric|Only variables|Use of undefined|Creation of dynamic|Optional parameter|Automatic conversion|Object of class|Class |Constant |syntax error|Function [\w:]+ (?:was called|is)|[\w\\\\:]{1,80}\(\S{0,120}\): |Stack trace:|#\d+ |  thrown)/';

    private Context $context;

    public function __construct(Context $context)
    {
        $this->context = $context;
    }

    /** @return iterable<string> */
    public function of(string $part): iterable
    {
        switch ($part) {
            case 'plugins':
                return $this->plugins();
            case 'sessions':
                return $this->sessions();
            case 'changes':
                return $this->changes();
            case 'cron':
                return $this->cron();
            case 'administrators':
                return $this->administrators();
            default:
                return $this->debugLog();
        }
    }

    /** @return \Generator<string> `PART VERSION active|inactive|- SHA-256` of each; the hash is the one that `inventory` events begin with */
    private function plugins(): \Generator
    {
        $until = microtime(true) + self::MOST_SECONDS;
        $active = array_merge((array) get_option('active_plugins', []), is_multisite() ? array_keys((array) get_site_option('active_sitewide_plugins', [])) : []);
        $inUse = ['theme:' . get_template(), 'theme:' . get_stylesheet()];
        foreach ($active as $file) {
            $inUse[] = 'plugin:' . Package::slugOfPlugin((string) $file);
        }
        foreach (Part::all() as $id => $part) {
            if ($id !== 'uploads' && $part->exists()) {
                $state = strpos($id, ':') === false ? '-' : (in_array($id, $inUse, true) ? 'active' : 'inactive');
                yield self::line([$id, Package::versionOfPart($part), $state, self::hash($part, $until)]);
            }
        }
    }

    private static function hash(Part $part, float $until): string
    {
        $files = [];
        $walk = new FileWalk($part);
        while (($paths = $walk->next()) !== null) {
            foreach ($paths as $path) {
                $now = microtime(true) < $until ? Snapshot::look($part->root . '/' . $path) : null;
                if ($now === null) {
                    return '-';
                }
                $files[$path] = $now;
            }
        }
        return (new Snapshot($files))->hash();
    }

    /** @return \Generator<string> `ACCOUNT SESSION since UTC until UTC from ADDRESS` */
    private function sessions(): \Generator
    {
        global $wpdb;
        $rows = $wpdb->get_results($wpdb->prepare("SELECT user_id, meta_value FROM {$wpdb->usermeta} WHERE meta_key = %s ORDER BY umeta_id DESC LIMIT %d", 'session_tokens', self::MOST_LINES));
        foreach ((array) $rows as $row) {
            $user = get_user_by('id', (int) $row->user_id);
            $sessions = @unserialize((string) $row->meta_value, ['allowed_classes' => false]);
            foreach (is_array($sessions) ? $sessions : [] as $verifier => $session) {
                if ($user instanceof \WP_User && is_array($session) && (int) ($session['expiration'] ?? 0) > time()) {
                    yield self::line([
                        $this->context->nameOf($user), $this->context->token('text', 'session:' . $verifier),
                        'since', self::time((int) ($session['login'] ?? 0)), 'until', self::time((int) $session['expiration']), 'from', (string) ($session['ip'] ?? '-'),
                    ]);
                }
            }
        }
    }

    /** @return \Generator<string> `UTC BYTES FILE` of code that changed in the last seven days */
    private function changes(): \Generator
    {
        $told = 0;
        foreach (CodeFiles::below([ABSPATH], self::MOST_FILES, microtime(true) + self::MOST_SECONDS) as $path) {
            $changed = max((int) @filemtime($path), (int) @filectime($path));
            if ($changed > time() - self::RECENT_SECONDS && $told++ < self::MOST_LINES) {
                yield self::line([self::time($changed), (string) (int) @filesize($path), Redactor::file($path)]);
            }
        }
    }

    /** @return \Generator<string> `UTC HOOK SCHEDULE ARGUMENTS` */
    private function cron(): \Generator
    {
        $told = 0;
        foreach (_get_cron_array() ?: [] as $at => $hooks) {
            foreach (is_array($hooks) ? $hooks : [] as $hook => $events) {
                foreach ((array) $events as $event) {
                    if ($told++ < self::MOST_LINES) {
                        yield self::line([self::time((int) $at), Redactor::text((string) $hook), (string) ($event['schedule'] ?: 'once'), (string) count((array) ($event['args'] ?? []))]);
                    }
                }
            }
        }
    }

    /** @return \Generator<string> `ACCOUNT ID registered UTC sessions N keys N` */
    private function administrators(): \Generator
    {
        foreach (Site::administrators() as $id) {
            $user = get_user_by('id', $id);
            if ($user instanceof \WP_User) {
                $keys = \WP_Application_Passwords::get_user_application_passwords($id);
                yield self::line([
                    $this->context->nameOf($user), (string) $id, 'registered', self::time((int) strtotime($user->user_registered . ' UTC')),
                    'sessions', (string) count(\WP_Session_Tokens::get_instance($id)->get_all()), 'keys', (string) count(is_array($keys) ? $keys : []),
                ]);
            }
        }
    }

    /** @return \Generator<string> the last lines, without what could be personal data or a secret */
    private function debugLog(): \Generator
    {
        $file = defined('WP_DEBUG_LOG') && is_string(WP_DEBUG_LOG) ? WP_DEBUG_LOG : WP_CONTENT_DIR . '/debug.log';
        $handle = is_file($file) ? @fopen($file, 'rb') : false;
        if ($handle === false) {
            return;
        }
        fseek($handle, -min(self::LOG_BYTES, (int) filesize($file)), SEEK_END);
        $lines = explode("\n", trim((string) stream_get_contents($handle, self::LOG_BYTES)));
        fclose($handle);
        foreach (array_slice($lines, -self::LOG_LINES) as $line) {
            yield self::masked(substr($line, 0, 2048));
        }
    }

    /** What PHP and WordPress themselves say stays, without the values in it; what plugins write stays as its length and kinds. */
    public static function masked(string $line): string
    {
        $shape = '/^((?:\[\d{2}-[A-Z][a-z]{2}-\d{4} [0-9:]{8}(?: [A-Z][A-Za-z_\/]{0,30})?\] )?(?:PHP )?(?:(?:Notice|Warning|Deprecated|Fatal error|Parse error|Recoverable fatal error|WordPress database error):? *)?)(.*?)((?: in \S+(?: on line |:)\d+)?)\z/s';
        if (preg_match($shape, $line, $found) !== 1) {
            return self::summary($line);
        }
        [, $head, $message, $place] = $found;
        $isOwn = $message === '' || preg_match(self::OWN_MESSAGES, $message) === 1;
        return $head . ($isOwn ? self::withoutValues($message) : self::summary($message)) . ($place === '' ? '' : Redactor::text($place));
    }

    private static function summary(string $text): string
    {
        return '[' . rtrim('text of ' . strlen($text) . ' bytes: ' . implode(', ', array_keys(Content::classes($text))), ': ') . ']';
    }

    private static function withoutValues(string $text): string
    {
        foreach (array_reverse(Content::spans($text)) as $span) {
            $text = substr_replace($text, '[' . $span['class'] . ']', $span['start'], $span['length']);
        }
        $text = (string) preg_replace('/=>.*/s', '=> […]', $text);
        $text = (string) preg_replace_callback('/(["\'])(.*?)(?:\1|\z)/s', static function (array $quoted): string {
            return preg_match('/^[\w\\\\\/.-]*(?:\\\\|::|\.php)[\w\\\\.()-]*\z/', $quoted[2]) === 1 ? $quoted[0] : '[' . strlen($quoted[2]) . ']';
        }, $text);
        return Redactor::text($text);
    }

    /** @param list<string> $words */
    private static function line(array $words): string
    {
        return implode(' ', array_map(static fn(string $word): string => $word === '' ? '-' : (string) preg_replace('/\s+/', ' ', $word), $words));
    }

    private static function time(int $seconds): string
    {
        return gmdate('Y-m-d\TH:i:s\Z', $seconds);
    }
}
