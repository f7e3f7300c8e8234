<?php

declare(strict_types=1);

namespace Tourniquet\Spool;

use Tourniquet\Chain\Base64Url;
use Tourniquet\Chain\BlockHeader;
use Tourniquet\Chain\Lines;

/**
 * Makes blocks of open lines, one process at a time. For each block, in this order:
 *
 *  1. the new key's seed, when the key changes       killed after: an unnamed seed, erased next time
 *  2. the block, into the outbox                     killed after: a block beyond the state is never sent, and is made again
 *  3. the state: next place, head, key, how far      from here the block may be sent
 *  4. the old key's seed is overwritten and erased   killed after 3: next time
 *  5. the open file goes, when all of it is sealed   killed after 3: the state says that nothing of it is left
 *
 * So no kill loses or doubles a line, and no sequence ever leaves with two contents.
 */
final class Sealer
{
    public const BLOCK_LINES = 1000;
    private const BLOCK_BYTES = 512 * 1024;

    private string $directory;
    private OpenLines $open;
    private Outbox $outbox;
    private ChainKeys $keys;
    /** @var callable(string, array<string, mixed>): void */
    private $tell;

    /** @param callable(string, array<string, mixed>): void $tell */
    public function __construct(string $directory, OpenLines $open, callable $tell, int $now)
    {
        $this->directory = $directory;
        $this->open = $open;
        $this->tell = $tell;
        $this->outbox = new Outbox($directory);
        $this->keys = new ChainKeys($directory, $now);
    }

    /**
     * @param string $site empty before enrolment: then lines wait as they are
     * @param callable(ChainState): void $check of where the chain stands, before anything is sealed
     * @param callable(ChainState): void $keep what the database is to remember; both under the lock
     * @return int blocks made; -1 when another process seals
     */
    public function run(string $site, string $checkpoint, callable $check, callable $keep): int
    {
        $lock = PrivateFile::lock($this->directory . '/seal.lock', 2);
        if ($lock === null) {
            return -1;
        }
        try {
            $state = ChainState::load($this->directory);
            $isNew = $state === null;
            $state = $this->unused($state);
            $check($state);
            if (!$this->keys->ready($state, $site) || !$state->save($this->directory)) {
                return 0;
            }
            $this->keys->eraseOthers($state);
            PrivateFile::eraseOldDrafts($this->directory);
            $made = $site === '' ? 0 : $this->sealAll($state, $checkpoint, $isNew);
            $keep(ChainState::load($this->directory) ?? $state);
            return $made;
        } finally {
            fclose($lock);
        }
    }

    /** The state, or a new one, at a place that no block ever had. */
    private function unused(?ChainState $state): ChainState
    {
        $shipping = new ShippingState($this->directory);
        $highest = max($this->outbox->epoch(), $shipping->get('epoch'));
        if ($state === null) {
            $state = ChainState::fresh();
            $state->startEpoch($highest + 1);
            return $state;
        }
        $beyond = $this->outbox->beyond($state);
        if (count($beyond) > 1 || [$shipping->get('epoch'), $shipping->get('seq')] > [$state->epoch, $state->nextSeq]) {
            ($this->tell)('spool-restored', ['wordpress.spool.epoch' => $state->epoch, 'wordpress.spool.sequence' => $state->nextSeq]);
            $state->startEpoch(max($highest, $state->epoch) + 1);
        } else {
            array_map([$this->outbox, 'remove'], array_column($beyond, 'path'));
        }
        return $state;
    }

    private function sealAll(ChainState $state, string $checkpoint, bool $isNew): int
    {
        $made = 0;
        foreach ($this->open->ended() as $path) {
            $generation = OpenLines::generationOf($path);
            if ($isNew || $generation !== $state->generation) {
                $state->generation = $generation;
                $state->offset = 0;
                $isNew = false;
            }
            while (($lines = $this->read($path, $state)) !== null) {
                if ($lines !== [] && !$this->seal($state, $lines, $checkpoint)) {
                    return $made;
                }
                $made += $lines === [] ? 0 : 1;
            }
            @unlink($path);
        }
        $this->open->settle($this->outbox->bytes());
        return $made;
    }

    /**
     * The next lines of one block, and the state moved behind them; null at the end of the file.
     *
     * @return list<string>|null framed
     */
    private function read(string $path, ChainState $state): ?array
    {
        $file = @fopen($path, 'rb');
        if ($file === false || fseek($file, $state->offset) !== 0) {
            return null;
        }
        $lines = [];
        $bytes = 0;
        $broken = 0;
        $at = $state->offset;
        while (count($lines) < self::BLOCK_LINES && $bytes < self::BLOCK_BYTES && ($line = fgets($file)) !== false) {
            $at += strlen($line);
            $line = rtrim($line, "\n");
            if (strlen($line) > Lines::MOST_LINE_BYTES + Lines::FRAMING_BYTES || Lines::event($line) === null) {
                $broken++;
                continue;
            }
            $lines[] = $line;
            $bytes += strlen($line) + 1;
        }
        fclose($file);
        if ($at === $state->offset) {
            return null;
        }
        $state->offset = $at;
        if ($broken > 0) {
            $this->open->losses()->addCut($broken);
        }
        return $lines;
    }

    /** @param list<string> $lines framed */
    private function seal(ChainState $state, array $lines, string $checkpoint): bool
    {
        $key = $this->keys->forNextBlock($state);
        if ($key === null) {
            return false;
        }
        $framed = implode("\n", $lines) . "\n";
        $head = Base64Url::encode(Lines::head((string) Base64Url::decode($state->head), $lines));
        $header = BlockHeader::sign(['v' => 1, 'site' => $state->site, 'stream' => $state->stream, 'epoch' => $state->epoch, 'first_seq' => $state->nextSeq,
            'lines' => count($lines), 'previous_head' => $state->head, 'head' => $head]
            + ($state->certificate === null ? [] : ['certificate' => $state->certificate])
            + ($checkpoint === '' ? [] : ['seen_checkpoint' => $checkpoint]), $key);
        if (!$this->outbox->write($state->epoch, $state->nextSeq, BlockHeader::encode($header) . $framed)) {
            return false;
        }
        $state->nextSeq += count($lines);
        $state->head = $head;
        $state->keyBytes += strlen($framed);
        $state->keyBlocks++;
        if (!$state->save($this->directory)) {
            return false;
        }
        $this->keys->eraseOthers($state);
        return true;
    }
}
