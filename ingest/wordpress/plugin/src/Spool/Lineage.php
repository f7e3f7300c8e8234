<?php

declare(strict_types=1);

namespace Tourniquet\Spool;

/**
 * Whether spool and database still belong together. Each remembers what it saw of the other: a restored database has forgotten,
 * a restored spool is behind, a deleted one is missing, a copied site lives elsewhere. Each starts a new epoch, so that no
 * sequence is ever used twice, and is told. Nothing of it stops shipping.
 */
final class Lineage
{
    /** @var array<string, mixed> */
    private array $remembered;
    private string $home;
    private string $database;
    /** @var callable(string, array<string, mixed>): void */
    private $tell;

    /**
     * @param array<string, mixed> $remembered by the database, of this directory: `instance`, `stream`, `epoch`, `seq`, `home`, `database`
     * @param string $home hash of the site's address
     * @param string $database hash of the database's name
     * @param callable(string, array<string, mixed>): void $tell
     */
    public function __construct(array $remembered, string $home, string $database, callable $tell)
    {
        $this->remembered = $remembered;
        $this->home = $home;
        $this->database = $database;
        $this->tell = $tell;
    }

    public function check(ChainState $state): void
    {
        if ($state->home === '') {
            $this->begin($state);
        } elseif ($state->home !== $this->home || $state->database !== $this->database) {
            $this->becomeCopy($state);
        } else {
            $this->compare($state);
        }
        $state->home = $this->home;
        $state->database = $this->database;
        $state->rememberedEpoch = $this->number('epoch');
        $state->rememberedSeq = $this->number('seq');
    }

    /**
     * What the database is to remember from now on.
     *
     * @return array<string, mixed>
     */
    public static function memoryOf(ChainState $state): array
    {
        return ['instance' => $state->instance, 'stream' => $state->stream, 'epoch' => $state->epoch, 'seq' => $state->nextSeq, 'home' => $state->home, 'database' => $state->database];
    }

    private function begin(ChainState $state): void
    {
        if ($this->remembered === []) {
            return;
        }
        if (($this->remembered['home'] ?? '') !== $this->home || ($this->remembered['database'] ?? '') !== $this->database) {
            $this->forget();
            ($this->tell)('site-cloned', []);
            return;
        }
        $stream = (string) ($this->remembered['stream'] ?? '');
        $state->stream = preg_match('/^wp-[a-z]{6}$/D', $stream) === 1 ? $stream : $state->stream;
        $state->startEpoch(max($state->epoch, $this->number('epoch') + 1));
        ($this->tell)('spool-deleted', ['wordpress.spool.epoch' => $this->number('epoch'), 'wordpress.spool.sequence' => $this->number('seq')]);
        $this->forget();
    }

    private function becomeCopy(ChainState $state): void
    {
        // A stream of its own: what this site and the other write from now on does not meet.
        $state->isCopy = $state->key !== '';
        $state->instance = ChainState::fresh()->instance;
        $state->stream = ChainState::newStream();
        $state->startEpoch($state->epoch + 1);
        $this->forget();
        ($this->tell)('site-cloned', []);
    }

    private function compare(ChainState $state): void
    {
        $place = [$this->number('epoch'), $this->number('seq')];
        if ($this->remembered === []) {
            if ($state->rememberedEpoch > 0) {
                $this->newEpoch($state, 'database-restored');
            }
        } elseif (($this->remembered['instance'] ?? '') !== $state->instance || $place > [$state->epoch, $state->nextSeq]) {
            $this->newEpoch($state, 'spool-restored');
        } elseif ($place < [$state->rememberedEpoch, $state->rememberedSeq]) {
            $this->newEpoch($state, 'database-restored');
        }
    }

    private function newEpoch(ChainState $state, string $action): void
    {
        ($this->tell)($action, ['wordpress.spool.epoch' => $state->epoch, 'wordpress.spool.sequence' => $state->nextSeq]);
        $state->startEpoch(max($state->epoch, $this->number('epoch')) + 1);
        $this->forget();
    }

    private function forget(): void
    {
        $this->remembered = [];
    }

    private function number(string $name): int
    {
        return max(0, (int) ($this->remembered[$name] ?? 0));
    }
}
