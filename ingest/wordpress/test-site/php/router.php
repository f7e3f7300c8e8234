<?php
/** What a web server's rewrite rules do, for PHP's own server. Returns false for files it shall send itself. */

$tourniquet_script = (static function (): ?string {
    $root = rtrim((string) $_SERVER['DOCUMENT_ROOT'], '/');
    $asked = rawurldecode((string) parse_url((string) $_SERVER['REQUEST_URI'], PHP_URL_PATH));
    $path = $asked;
    if (!file_exists($root . $path) || $path === '/') {
        // Sites of a network share the files of the first.
        $path = (string) preg_replace('#^/[_0-9a-zA-Z-]+(/wp-(?:admin|content|includes)(?:/.*)?|/[^/]+\.php)$#', '$1', $path);
    }
    if (is_dir($root . $path)) {
        if (substr($path, -1) !== '/' && is_file("{$root}{$path}/index.php")) {
            header('Location: ' . $asked . '/', true, 301);
            return '';
        }
        $path = rtrim($path, '/') . '/index.php';
    }
    if (!is_file($root . $path)) {
        $path = '/index.php';
    } elseif (substr($path, -4) !== '.php') {
        if ($path === $asked) {
            return null;
        }
        readfile($root . $path);
        return '';
    }
    $_SERVER['SCRIPT_NAME'] = $_SERVER['PHP_SELF'] = ($path === '/index.php' || $path === $asked || $path === $asked . 'index.php' ? $path : preg_replace('#/index\.php$#', '/index.php', substr($asked, -4) === '.php' ? $asked : $asked . 'index.php'));
    $_SERVER['SCRIPT_FILENAME'] = $root . $path;
    return $root . $path;
})();
if ($tourniquet_script === null) {
    return false;
}
if ($tourniquet_script !== '') {
    chdir(dirname($tourniquet_script));
    require $tourniquet_script;
}
return true;
