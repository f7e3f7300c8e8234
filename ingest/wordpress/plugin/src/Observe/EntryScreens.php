<?php

declare(strict_types=1);

namespace Tourniquet\Observe;

use Tourniquet\Guarded;
use Tourniquet\Observe\Persons\OutputScan;
use Tourniquet\Observe\Persons\OwnAddresses;
use Tourniquet\Record\Redactor;
use Tourniquet\Watcher;

/** Screens of form, booking and newsletter plugins: the persons whose addresses the page shows. */
final class EntryScreens extends Watcher
{
    private const SCREENS = '/(?:gf_entries|wpforms-entries|flamingo|fluent_forms|forminator-entries|formidable-entries|nf-submissions|cfdb7|e-form-submissions|wpamelia|bookly|latepoint|mailpoet-subscribers|newsletter_users|fluentcrm)/';
    private const PIECE_BYTES = 16384;

    public function register(): void
    {
        Guarded::action('current_screen', function ($screen): void {
            if ($screen instanceof \WP_Screen && !wp_doing_ajax() && preg_match(self::SCREENS, $screen->id) === 1) {
                $scan = new OutputScan();
                $scan->begin(self::PIECE_BYTES);
                Guarded::action('shutdown', fn() => $this->shown($scan->addresses()), 900);
            }
        });
    }

    /** @param list<string> $addresses */
    private function shown(array $addresses): void
    {
        $found = $this->reading()->found();
        foreach (array_diff($addresses, array_map('strtolower', OwnAddresses::ofSite())) as $address) {
            $found->person('contact', $address)->saw('email');
        }
        if ($found->foreign() > 0) {
            $this->reading()->view($found->foreign() > 1 ? 'entry-list-viewed' : 'entry-viewed', $found, [
                'wordpress.admin.page' => Redactor::name(Asked::text('page')),
            ] + SearchTerm::fields(Asked::text('s', 'search'), $this->journal->context()));
        }
    }
}
