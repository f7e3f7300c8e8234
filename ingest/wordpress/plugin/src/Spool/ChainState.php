<?php

declare(strict_types=1);

namespace Tourniquet\Spool;

use Tourniquet\Chain\Base64Url;
use Tourniquet\Chain\Lines;

/** Where the chain goes on: one file, replaced as a whole with each block. It holds no secret. */
final class ChainState
{
    /** Random; a copy of the spool has the same. */
    public string $instance;
    public string $stream;
    /** Of the site's name, which a chain does not outlive; empty before enrolment. */
    public string $site = '';
    public int $epoch = 1;
    public int $nextSeq = 0;
    /** 32 bytes as base64url. */
    public string $head;
    /** Public half of the key that signs; empty before the first. */
    public string $key = '';
    /** Unix seconds since when, and what it signed. */
    public int $keySince = 0;
    public int $keyBytes = 0;
    public int $keyBlocks = 0;
    /** @var array{key: string, by: string, signature: string}|null */
    public ?array $certificate = null;
    /** A copy of another site's spool does not name successors: the first that does would shut the other out. */
    public bool $isCopy = false;
    /** The open file that blocks were made of last, and how far. */
    public int $generation = 0;
    public int $offset = 0;
    /** Hashes of where it lives. */
    public string $home = '';
    public string $database = '';
    /** What the database was last seen to remember: it never forgets but by being restored. */
    public int $rememberedEpoch = 0;
    public int $rememberedSeq = 0;

    private function __construct()
    {
        $this->instance = 'i' . bin2hex(random_bytes(8));
        $this->stream = self::newStream();
        $this->head = Base64Url::encode(Lines::genesis());
    }

    public static function fresh(): self
    {
        return new self();
    }

    public static function newStream(): string
    {
        $stream = 'wp-';
        for ($i = 0; $i < 6; $i++) {
            $stream .= chr(97 + random_int(0, 25));
        }
        return $stream;
    }

    /** Null when there is none that can be read. */
    public static function load(string $directory): ?self
    {
        $saved = PrivateFile::json($directory . '/state.json');
        if ($saved === null || ($saved['v'] ?? null) !== 1) {
            return null;
        }
        $state = new self();
        try {
            foreach (array_diff_key($saved, ['v' => 1]) as $name => $value) {
                if (property_exists($state, $name)) {
                    $state->$name = $value;
                }
            }
        } catch (\TypeError $damaged) {
            return null;
        }
        return Base64Url::decode($state->head, 32) === null ? null : $state;
    }

    public function save(string $directory): bool
    {
        return PrivateFile::replace($directory . '/state.json', json_encode(['v' => 1] + get_object_vars($this), JSON_UNESCAPED_SLASHES) . "\n");
    }

    /** A new chain; the key stays, so that it still is who it was. */
    public function startEpoch(int $epoch): void
    {
        $this->epoch = $epoch;
        $this->nextSeq = 0;
        $this->head = Base64Url::encode(Lines::genesis());
    }
}
