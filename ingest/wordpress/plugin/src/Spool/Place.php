<?php

declare(strict_types=1);

namespace Tourniquet\Spool;

use Tourniquet\Settings;

/** The directory of the spool: named by the owner, else beside the WordPress directory, else below wp-content behind deny rules. */
final class Place
{
    public const OPTION = 'tourniquet_spool';

    private string $directory;

    private function __construct(string $directory)
    {
        $this->directory = rtrim(str_replace('\\', '/', $directory), '/');
    }

    public static function at(string $directory): self
    {
        return new self($directory);
    }

    public static function find(Settings $settings): self
    {
        $named = (string) $settings->get('spool_directory');
        if ($named !== '') {
            return new self($named);
        }
        $remembered = is_multisite() ? get_site_option(self::OPTION, []) : get_option(self::OPTION, []);
        // A copy of the site with its database must not write into the spool of the other.
        $isOurs = is_array($remembered) && ($remembered['home'] ?? '') === DatabaseMemory::home() && @is_dir(dirname((string) ($remembered['directory'] ?? '')));
        return new self($isOurs ? (string) $remembered['directory'] : self::choose());
    }

    public function directory(): string
    {
        return $this->directory;
    }

    /** Whether the directory is there and can be written, after an attempt to make it so. */
    public function prepare(): bool
    {
        if (@is_file($this->directory . '/tally')) {
            return true;
        }
        $isThere = @is_dir($this->directory);
        if ($this->isForeign() || !$isThere && !@mkdir($this->directory, 0700, true) && !@is_dir($this->directory)) {
            return false;
        }
        // One that was there is the web server's already, whoever owns the one around it.
        $isThere ? @chmod($this->directory, 0700) : PrivateFile::keepPrivate($this->directory);
        foreach (self::denyRules() as $name => $text) {
            if (!is_file($this->directory . '/' . $name)) {
                PrivateFile::replace($this->directory . '/' . $name, $text);
            }
        }
        $tally = Tally::lock($this->directory, 1);
        if ($tally === null) {
            return false;
        }
        $tally->unlock();
        return true;
    }

    /** A directory that was there for something else, WordPress' own or uploads say: shutting it would take the site down. */
    private function isForeign(): bool
    {
        foreach (self::webRoots() as $root) {
            if (strncmp($root . '/', $this->directory . '/', strlen($this->directory) + 1) === 0) {
                return true;
            }
        }
        // Rules and drafts alone are what a process left that was killed while it made the directory.
        $names = array_filter((array) (@scandir($this->directory) ?: []), static fn($name): bool => preg_match('/^(\.|\.\.|lost\+found|\.htaccess|web\.config|index\.php|.*\.next)$/D', (string) $name) !== 1);
        return $names !== [] && array_intersect($names, ['identity.json', 'state.json', 'commands.json']) === [];
    }

    /** Whether nothing of it can be below what the web server serves, as far as PHP can tell. */
    public function isOutsideWebRoot(): bool
    {
        foreach (self::webRoots() as $root) {
            if (strncmp($this->directory . '/', $root . '/', strlen($root) + 1) === 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether a lock keeps a second handle out. On network drives without locks it does not: then processes would write over
     * each other's lines, and the spool takes none.
     */
    public function locksWork(): bool
    {
        $path = $this->directory . '/locks';
        [$first, $second] = [@fopen($path, 'c'), @fopen($path, 'c')];
        if ($first === false || $second === false) {
            return false;
        }
        $works = flock($first, LOCK_EX | LOCK_NB) && !flock($second, LOCK_EX | LOCK_NB);
        fclose($first);
        fclose($second);
        @unlink($path);
        return $works;
    }

    /** Where it can be fetched if nothing denies it; empty when it lies elsewhere. */
    public function url(): string
    {
        $content = str_replace('\\', '/', WP_CONTENT_DIR) . '/';
        return strncmp($this->directory, $content, strlen($content)) === 0 ? content_url(substr($this->directory, strlen($content))) : '';
    }

    private static function choose(): string
    {
        // Equal in every process, so that two first requests choose the same; nobody else can guess it.
        $secret = implode('', array_map(static fn(string $name): string => defined($name) ? (string) constant($name) : '', ['AUTH_KEY', 'SECURE_AUTH_KEY', 'AUTH_SALT', 'DB_PASSWORD']));
        $name = substr(hash_hmac('sha256', 'tourniquet/spool ' . ABSPATH, $secret), 0, 16);
        $parent = dirname(rtrim(str_replace('\\', '/', ABSPATH), '/'));
        $beside = new self("{$parent}/.tourniquet-{$name}");
        $directory = $beside->isOutsideWebRoot() && @is_writable($parent) ? $beside->directory() : WP_CONTENT_DIR . "/tourniquet-{$name}";
        $memory = ['directory' => $directory, 'home' => DatabaseMemory::home()];
        is_multisite() ? update_site_option(self::OPTION, $memory) : update_option(self::OPTION, $memory, true);
        return $directory;
    }

    /** @return list<string> */
    private static function webRoots(): array
    {
        $roots = [defined('ABSPATH') ? ABSPATH : '', defined('WP_CONTENT_DIR') ? WP_CONTENT_DIR : '', (string) ($_SERVER['DOCUMENT_ROOT'] ?? '')];
        if (defined('ABSPATH') && function_exists('get_option')) {
            // WordPress in a folder of the web root: the root is as many folders up as the address is deep.
            $depth = count(array_filter(explode('/', (string) parse_url((string) get_option('siteurl'), PHP_URL_PATH))));
            $roots[] = $depth === 0 ? '' : dirname(rtrim(ABSPATH, '/'), $depth);
        }
        $roots = array_map(static fn(string $root): string => rtrim(str_replace('\\', '/', $root), '/'), $roots);
        return array_values(array_filter($roots, static fn(string $root): bool => $root !== ''));
    }

    /** @return array<string, string> */
    private static function denyRules(): array
    {
        return [
            '.htaccess' => "<IfModule mod_authz_core.c>\n\tRequire all denied\n</IfModule>\n<IfModule !mod_authz_core.c>\n\tOrder allow,deny\n\tDeny from all\n</IfModule>\n",
            'web.config' => "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<configuration>\n\t<system.webServer>\n\t\t<security>\n\t\t\t<authorization>\n\t\t\t\t<remove users=\"*\" roles=\"\" verbs=\"\" />\n\t\t\t\t<add accessType=\"Deny\" users=\"*\" />\n\t\t\t</authorization>\n\t\t</security>\n\t</system.webServer>\n</configuration>\n",
            'index.php' => "<?php\n",
        ];
    }
}
