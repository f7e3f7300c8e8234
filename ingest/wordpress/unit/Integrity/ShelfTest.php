<?php

declare(strict_types=1);

namespace Tourniquet\Unit\Integrity;

use PHPUnit\Framework\TestCase;
use Tourniquet\Integrity\Shelf;
use Tourniquet\Integrity\Snapshot;

final class ShelfTest extends TestCase
{
    private FilesOnDisk $disk;
    private Shelf $shelf;

    protected function setUp(): void
    {
        $this->disk = new FilesOnDisk(['site/lantern.php' => '<?php // one', 'site/inc/a.php' => '<?php // two']);
        $this->shelf = new Shelf($this->disk->root . '/shelf');
        $this->shelf->alone(static fn(): bool => true);
    }

    protected function tearDown(): void
    {
        $this->disk->remove();
    }

    private function snapshot(): Snapshot
    {
        $files = [];
        foreach (['inc/a.php', 'lantern.php'] as $path) {
            $files[$path] = Snapshot::look($this->disk->root . '/site/' . $path) ?? ['', 0, 0, 0];
        }
        return new Snapshot($files, ['gone.php' => '']);
    }

    public function testACommandLineThatRunsAsRootLeavesItToTheWebServer(): void
    {
        if (posix_geteuid() !== 0) {
            self::markTestSkipped('only root gives files away');
        }
        $of = $this->disk->root . '/site';
        chown($of, 65534);
        $shelf = new Shelf($of . '/shelf');
        $shelf->alone(static function () use ($shelf): void {
            $shelf->put('plugin:lantern', new Snapshot());
            $shelf->await('plugin:lantern');
        });
        foreach (['', '/lock', '/index.json', '/awaited'] as $name) {
            self::assertSame(65534, fileowner($of . '/shelf' . $name), $name);
        }
        self::assertSame(0700, fileperms($of . '/shelf') & 0777);
    }

    public function testASnapshotComesBackAsItWasPut(): void
    {
        self::assertTrue($this->shelf->put('plugin:lantern', $this->snapshot(), '1.0'));
        $back = $this->shelf->snapshot('plugin:lantern');
        self::assertNotNull($back);
        self::assertEquals($this->snapshot(), $back);
        self::assertSame(['hash' => $back->hash(), 'files' => 2, 'version' => '1.0'], $this->shelf->index()['plugin:lantern']);
        self::assertSame(0600, fileperms($this->disk->root . '/shelf/index.json') & 0777);
    }

    public function testTheHashIsOfPathsAndContentsAlone(): void
    {
        $one = $this->snapshot();
        touch($this->disk->root . '/site/lantern.php', 1000000000);
        clearstatcache();
        $two = $this->snapshot();
        self::assertSame($one->hash(), $two->hash());
        self::assertFalse($one->looksSame('lantern.php', $this->disk->root . '/site/lantern.php'));
        $this->disk->write('site/lantern.php', '<?php // three');
        self::assertNotSame($one->hash(), $this->snapshot()->hash());
    }

    public function testAReplacedOrDamagedSnapshotIsNone(): void
    {
        $this->shelf->put('plugin:lantern', $this->snapshot());
        $files = glob($this->disk->root . '/shelf/*.gz') ?: [];
        file_put_contents($files[0], (new Snapshot(['evil.php' => ['0', 1, 1, 1]]))->encode());
        self::assertNull($this->shelf->snapshot('plugin:lantern'));
        file_put_contents($files[0], 'no gzip');
        self::assertNull($this->shelf->snapshot('plugin:lantern'));
        unlink($files[0]);
        self::assertNull($this->shelf->snapshot('plugin:lantern'));
    }

    public function testTheHashOfAllChangesWithAnyPart(): void
    {
        $this->shelf->put('plugin:lantern', $this->snapshot());
        $one = $this->shelf->hash();
        $this->shelf->put('core', new Snapshot(['a.php' => ['0', 1, 1, 1]]));
        self::assertNotSame($one, $this->shelf->hash());
        $this->shelf->drop('core');
        self::assertSame($one, $this->shelf->hash());
    }

    public function testWhileOneWorksNobodyElseDoes(): void
    {
        $other = new Shelf($this->disk->root . '/shelf');
        self::assertSame('mine', $this->shelf->alone(static function () use ($other): string {
            self::assertNull($other->alone(static fn(): string => 'theirs'));
            return 'mine';
        }));
        self::assertSame('theirs', $other->alone(static fn(): string => 'theirs'));
    }

    public function testWhatIsAwaitedIsKeptUntilForgotten(): void
    {
        self::assertSame([], $this->shelf->awaited());
        self::assertSame(0, $this->shelf->awaitedSince());
        $this->shelf->await('plugin:lantern');
        $this->shelf->await('core');
        $this->shelf->await('core');
        self::assertSame(['plugin:lantern', 'core'], $this->shelf->awaited());
        self::assertGreaterThan(0, $this->shelf->awaitedSince());
        $this->shelf->forgetAwaited();
        self::assertSame([], $this->shelf->awaited());
    }

    public function testADirectoryThatCannotBeWrittenKeepsNothingAndBreaksNothing(): void
    {
        file_put_contents($this->disk->root . '/blocked', '');
        $shelf = new Shelf($this->disk->root . '/blocked/shelf');
        self::assertNull($shelf->alone(static fn(): bool => true));
        self::assertFalse($shelf->put('core', $this->snapshot()));
        $shelf->await('core');
        self::assertSame([], $shelf->awaited());
        self::assertSame([], $shelf->index());
    }
}
