<?php

declare(strict_types=1);

namespace Tourniquet\Contain\Act;

use Tourniquet\Contain\Act;
use Tourniquet\Contain\Guard;
use Tourniquet\Contain\Hold;
use Tourniquet\Contain\Site;
use Tourniquet\Guarded;
use Tourniquet\Record\Redactor;

/** A REST route or path answers nobody, by whichever address it is reached. */
final class BlockRoute implements Act
{
    private Site $site;

    public function __construct(Site $site)
    {
        $this->site = $site;
    }

    public function kind(): string
    {
        return 'route';
    }

    public function named(string $target): string
    {
        return Redactor::path($target);
    }

    public function refusal(string $target): ?string
    {
        return Guard::route($target, $this->site->neededPaths());
    }

    public function begin(string $target): array
    {
        return ['route' => Guard::path($target)];
    }

    public function end(array $kept): void
    {
    }

    public function enforce(array $kept, Hold $hold): void
    {
        $route = (string) ($kept['route'] ?? '');
        if ($route === '') {
            return;
        }
        $isBlocked = static fn(string $path): bool => strncmp(Guard::path($path), $route, strlen($route)) === 0;
        Guarded::action(did_action('muplugins_loaded') > 0 ? 'plugins_loaded' : 'muplugins_loaded', function () use ($isBlocked, $hold): void {
            foreach ($this->asked() as $path) {
                if ($isBlocked($path)) {
                    $hold->answer();
                }
            }
        }, PHP_INT_MIN);
        // Asked for by number: which page that is, WordPress knows only now.
        Guarded::action('wp', static function () use ($isBlocked, $hold): void {
            $link = is_admin() ? '' : self::linkOf(get_queried_object());
            if ($link !== '' && $isBlocked(Site::below($link))) {
                $hold->answer();
            }
        }, PHP_INT_MIN);
        // Batches, calls from within, other prefixes than wp-json.
        Guarded::filter('rest_pre_dispatch', static fn($result, $server = null, $request = null) => $request instanceof \WP_REST_Request && $isBlocked('/wp-json' . $request->get_route()) ? $hold->error() : $result, PHP_INT_MAX, 3);
    }

    /**
     * The path of a page's own address.
     *
     * @param mixed $page what a front page shows
     */
    private static function linkOf($page): string
    {
        $link = '';
        if ($page instanceof \WP_Post) {
            $link = get_permalink($page);
        } elseif ($page instanceof \WP_Term) {
            $link = get_term_link($page);
        } elseif ($page instanceof \WP_User) {
            $link = get_author_posts_url($page->ID);
        } elseif ($page instanceof \WP_Post_Type) {
            $link = get_post_type_archive_link($page->name);
        }
        return is_string($link) ? (string) wp_parse_url($link, PHP_URL_PATH) : '';
    }

    /** @return list<string> by which this request could be meant */
    private function asked(): array
    {
        $uri = (string) ($_SERVER['REQUEST_URI'] ?? '');
        $base = strtolower(Site::base());
        $paths = [];
        foreach ([(string) strtok($uri, '?#'), (string) ($_SERVER['SCRIPT_NAME'] ?? '') . (string) ($_SERVER['PATH_INFO'] ?? '')] as $path) {
            $path = Guard::path($path);
            $path = $base !== '' && strncmp($path, $base . '/', strlen($base) + 1) === 0 ? substr($path, strlen($base)) : $path;
            $paths[] = (string) preg_replace('~^/index\.php(?=/)~', '', $path);
        }
        $asked = $_GET['rest_route'] ?? $_POST['rest_route'] ?? '';
        if (is_string($asked) && $asked !== '') {
            $paths[] = '/wp-json/' . ltrim($asked, '/');
        }
        return array_values(array_unique($paths));
    }
}
