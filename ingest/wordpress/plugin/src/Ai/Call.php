<?php

declare(strict_types=1);

namespace Tourniquet\Ai;

use Tourniquet\Classify\Findings;
use Tourniquet\Outbound\Destination;

/** One question to a model. */
final class Call
{
    public string $url;
    public Destination $destination;
    /** `cloud` or `local`. */
    public string $location;
    public string $slug;
    public Texts $texts;
    public Findings $findings;

    /** @param array<string, mixed> $args of WordPress' HTTP API */
    public function __construct(string $url, Destination $destination, string $location, string $slug, array $args)
    {
        $this->url = $url;
        $this->destination = $destination;
        $this->location = $location;
        $this->slug = $slug;
        $this->texts = Texts::of($args['body'] ?? '');
        $this->findings = Findings::of($this->texts->text());
    }
}
