<?php

declare(strict_types=1);

/*
 * Prints `plugin/src/listens.php`: what observers listen to on pages of visitors, on any kind of site. Those that listen to
 * what happens on each page anyway, or to more than `Guarded` knows of, are awake.
 */

namespace {
    require_once __DIR__ . '/bootstrap.php';

    define('TOURNIQUET_FILE', '/plugins/tourniquet/tourniquet.php');
    define('XMLRPC_REQUEST', true);

    /** Which kind of site answers. */
    final class Kind
    {
        public static bool $isNetwork = false;
        public static bool $hasRawHooks = false;
    }

    function is_multisite(): bool
    {
        return Kind::$isNetwork;
    }

    function is_admin(): bool
    {
        return false;
    }

    function wp_doing_cron(): bool
    {
        return false;
    }

    function wp_doing_ajax(): bool
    {
        return false;
    }

    function plugin_basename(string $file): string
    {
        return 'tourniquet/tourniquet.php';
    }

    function add_filter(): void
    {
        Kind::$hasRawHooks = true;
    }

    function add_action(): void
    {
        Kind::$hasRawHooks = true;
    }
}

namespace Tourniquet {
    use Tourniquet\Record\Context;
    use Tourniquet\Record\Journal;
    use Tourniquet\Spool\Place;
    use Tourniquet\Spool\Spool;

    const ON_EACH_PAGE = ['init', 'wp_loaded', 'query', 'template_redirect', 'wp_head', 'wp_footer', 'shutdown'];

    $settings = new Settings(['browser_reports' => true]);
    $context = new Context($settings, static fn() => null);
    $journal = new Journal($context, Spool::at('/nowhere'));
    $memory = new Memory($context);
    $make = static function (string $class) use ($settings, $journal, $memory): Observer {
        switch ($class) {
            case Admin\Pages::class:
                return (new \ReflectionClass($class))->newInstanceWithoutConstructor();
            case AtRest\Discovery::class:
                return new AtRest\Discovery($journal, $settings, Place::at('/nowhere'));
            default:
                return new $class($journal, $settings, $memory);
        }
    };

    $awake = [];
    $hooks = [];
    foreach (Plugin::OBSERVERS as $class) {
        \Kind::$hasRawHooks = false;
        $collected = [];
        foreach ([false, true] as $isNetwork) {
            \Kind::$isNetwork = $isNetwork;
            $collected = array_merge($collected, Guarded::collect(static fn() => $make($class)->register()));
        }
        if ($collected === [] || \Kind::$hasRawHooks || array_intersect(array_column($collected, 'hook'), ON_EACH_PAGE) !== []) {
            $awake[] = $class;
            continue;
        }
        foreach ($collected as ['hook' => $hook, 'priority' => $priority, 'arguments' => $arguments]) {
            [$most, $classes] = $hooks[$hook][$priority] ?? [0, []];
            $hooks[$hook][$priority] = [max($most, $arguments), array_values(array_unique(array_merge($classes, [$class])))];
        }
    }
    ksort($hooks);

    $name = static fn(string $class): string => substr($class, strlen(__NAMESPACE__) + 1) . '::class';
    echo "<?php\n\ndeclare(strict_types=1);\n\nnamespace Tourniquet;\n\n";
    echo "// What wakes observers on visitors' pages, by hook and priority, with the number of arguments; and who is awake on each. Made by unit/listens.php.\n\nreturn [\n";
    echo "    'awake' => [\n";
    foreach ($awake as $class) {
        echo "        {$name($class)},\n";
    }
    echo "    ],\n    'hooks' => [\n";
    foreach ($hooks as $hook => $priorities) {
        $each = [];
        foreach ($priorities as $priority => [$arguments, $classes]) {
            $each[] = ($priority === PHP_INT_MAX ? 'PHP_INT_MAX' : $priority) . " => [{$arguments}, [" . implode(', ', array_map($name, $classes)) . ']]';
        }
        echo "        '{$hook}' => [" . implode(', ', $each) . "],\n";
    }
    echo "    ],\n];\n";
}
