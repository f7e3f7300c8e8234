<?php

declare(strict_types=1);

namespace Tourniquet\Ai;

use Tourniquet\Guarded;
use Tourniquet\Outbound\Caller;
use Tourniquet\Outbound\Destination;
use Tourniquet\Settings;

/** Right before a connection is opened: what went around the gate's filters is stopped here, and where an answer sends on. */
final class LastStep
{
    /** Whether a call to a local model is under way. */
    public bool $isFromLocal = false;

    private Settings $settings;
    /** @var callable(): Deeds */
    private $deeds;
    /** @var array{string, mixed}|null address and body of the call that the gate itself makes */
    private ?array $own = null;

    /** @param callable(): Deeds $deeds */
    public function __construct(Settings $settings, callable $deeds)
    {
        $this->settings = $settings;
        $this->deeds = $deeds;
    }

    /**
     * Lets this one call pass while `$make` makes it.
     *
     * @param mixed $body
     * @return mixed what `$make` answers
     */
    public function letting(string $url, $body, callable $make)
    {
        $before = $this->own;
        $this->own = [$url, $body];
        try {
            return $make();
        } finally {
            $this->own = $before;
        }
    }

    public function lets(string $url): bool
    {
        return $this->own !== null && $this->own[0] === $url;
    }

    /**
     * @param array<string, mixed> $headers
     * @param mixed $data
     */
    public function request(string $url, array $headers, $data): void
    {
        if ((new Policy($this->settings))->mode() === Policy::ALLOW || $this->isOwn($url, $data)) {
            return;
        }
        $args = ['headers' => $headers, 'body' => $data];
        if ($this->isCloud($url, $args)) {
            $this->stop($url, $args, 'went-around');
        }
    }

    public function redirect(string $location): void
    {
        if ((new Policy($this->settings))->mode() === Policy::ALLOW) {
            return;
        }
        $to = Destination::of($location);
        $leavesHome = ($this->isFromLocal || $this->own !== null) && ($to === null || !$to->isLocal());
        if ($leavesHome || $this->isCloud($location, [])) {
            $this->stop($location, [], 'redirected');
        }
    }

    /** @param array<string, mixed> $args */
    private function isCloud(string $url, array $args): bool
    {
        try {
            return (new Services($this->settings))->locationOf($url, $args) === Services::CLOUD;
        } catch (\Throwable $failure) {
            // WordPress catches one kind of exception here alone: any other would break the page.
            Guarded::failed($failure);
            return false;
        }
    }

    /** @param mixed $data */
    private function isOwn(string $url, $data): bool
    {
        $asked = Destination::of($url);
        $own = $this->own === null ? null : Destination::of($this->own[0]);
        return $asked !== null && $own !== null && $asked->host === $own->host && $asked->port === $own->port && ($data === $this->own[1] || $data === [] || $data === null);
    }

    /** @param array<string, mixed> $args */
    private function stop(string $url, array $args, string $reason): void
    {
        try {
            $destination = Destination::of($url);
            if ($destination !== null) {
                ($this->deeds)()->refused(new Call($url, $destination, Services::CLOUD, Caller::slug(), $args), $reason);
            }
        } catch (\Throwable $failure) {
            Guarded::failed($failure);
        }
        // Of its own library WordPress catches this, and answers an error.
        $class = class_exists('\WpOrg\Requests\Exception') ? '\WpOrg\Requests\Exception' : '\Requests_Exception';
        throw new $class('The AI policy of this site does not let this call leave.', 'tourniquet.ai');
    }
}
