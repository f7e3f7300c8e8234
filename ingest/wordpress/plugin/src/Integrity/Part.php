<?php

declare(strict_types=1);

namespace Tourniquet\Integrity;

/** A set of files that is installed and updated as one: WordPress itself, a plugin, a theme; or where code of its own kind lies. */
final class Part
{
    /** `core`, `config` (a wp-config.php above it), `plugin:NAME`, `theme:NAME`, `mu-plugins`, `drop-ins` or `uploads`. */
    public string $id;
    /** Paths are told from here on. */
    public string $root;
    /** Directories below the root that are searched, with all below them. @var list<string> */
    public array $deep;
    /** Directories below the root whose own files count; `''` is the root. @var list<string> */
    public array $flat;
    /** The only file, where a part is a single one. */
    public string $only;

    /**
     * @param list<string> $deep
     * @param list<string> $flat
     */
    public function __construct(string $id, string $root, array $deep = [''], array $flat = [], string $only = '')
    {
        $this->id = $id;
        $this->root = rtrim(str_replace('\\', '/', $root), '/');
        $this->deep = $deep;
        $this->flat = $flat;
        $this->only = $only;
    }

    /** @return array<string, self> all parts of this site by id; reads the lists of directories alone */
    public static function all(): array
    {
        $parts = [new self('core', ABSPATH, ['wp-admin', 'wp-includes'], [''])];
        if (!is_file(ABSPATH . 'wp-config.php') && @is_file(dirname(ABSPATH) . '/wp-config.php')) {
            $parts[] = new self('config', dirname(ABSPATH), [], [], 'wp-config.php');
        }
        foreach (self::children(WP_PLUGIN_DIR) as $name => $isDirectory) {
            if ($isDirectory) {
                $parts[] = new self('plugin:' . $name, WP_PLUGIN_DIR . '/' . $name);
            } elseif (substr($name, -4) === '.php' && $name !== 'index.php') {
                $parts[] = new self('plugin:' . substr($name, 0, -4), WP_PLUGIN_DIR, [], [], $name);
            }
        }
        foreach (self::themeRoots() as $root) {
            foreach (array_keys(array_filter(self::children($root))) as $name) {
                $parts[] = new self('theme:' . $name, $root . '/' . $name);
            }
        }
        $parts[] = new self('mu-plugins', WPMU_PLUGIN_DIR);
        $parts[] = new self('drop-ins', WP_CONTENT_DIR, [], ['']);
        $uploads = wp_get_upload_dir();
        if (is_array($uploads) && empty($uploads['error'])) {
            $parts[] = new self('uploads', (string) $uploads['basedir']);
        }
        $byId = [];
        foreach ($parts as $part) {
            $byId[$part->id] = $part;
        }
        return $byId;
    }

    /** Whether a file of this part counts, by its path below the root. */
    public function holds(string $path): bool
    {
        $name = basename($path);
        if ($this->only !== '') {
            return $path === $this->only;
        }
        $isCode = preg_match('/\.(?:php\d?|phtml|pht|phar|inc|cgi|pl|py|sh|jsp|aspx?)(?:\.|$)/i', $name) === 1 || in_array($name, ['.htaccess', '.user.ini', 'php.ini', 'web.config'], true);
        if ($this->id === 'uploads' || (($this->id === 'core' || $this->id === 'drop-ins') && strpos($path, '/') === false)) {
            return $isCode;
        }
        // A path of WordPress' own, a plugin or a theme: everything but pictures, sounds, fonts, translations and texts.
        return $isCode || preg_match('/\.(?:png|jpe?g|gif|webp|avif|ico|bmp|woff2?|ttf|eot|otf|mp[34]|webm|og[gv]|pdf|po|mo|pot|map|md|txt|scss|less)$/i', $name) !== 1;
    }

    /** What the log calls the plugin a file of this part belongs to. */
    public function slug(string $path = ''): string
    {
        if (strncmp($this->id, 'plugin:', 7) === 0) {
            return substr($this->id, 7);
        }
        if ($this->id === 'mu-plugins' && $path !== '') {
            return 'mu:' . (string) preg_replace('/\.php$/', '', (string) strtok($path, '/'));
        }
        return $this->id === 'config' ? 'core' : $this->id;
    }

    /** What a change of its files is called. */
    public function action(): string
    {
        if ($this->id === 'core' || $this->id === 'config') {
            return 'core-file-changed';
        }
        return strncmp($this->id, 'theme:', 6) === 0 ? 'theme-file-changed' : 'plugin-file-changed';
    }

    public function exists(): bool
    {
        return $this->only === '' ? is_dir($this->root) : is_file($this->root . '/' . $this->only);
    }

    /** @return array<string, bool> names, and whether each is a directory */
    private static function children(string $directory): array
    {
        $names = [];
        foreach (is_dir($directory) ? (scandir($directory) ?: []) : [] as $name) {
            if ($name[0] !== '.') {
                $names[$name] = is_dir($directory . '/' . $name);
            }
        }
        return $names;
    }

    /** @return list<string> */
    private static function themeRoots(): array
    {
        $roots = [get_theme_root()];
        foreach ((array) ($GLOBALS['wp_theme_directories'] ?? []) as $root) {
            $roots[] = (string) $root;
        }
        return array_values(array_unique(array_map(static fn(string $root): string => rtrim($root, '/'), $roots)));
    }
}
