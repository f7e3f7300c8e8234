<?php

declare(strict_types=1);

namespace Tourniquet\Unit\Integrity;

use PHPUnit\Framework\TestCase;
use Tourniquet\Integrity\FileWalk;
use Tourniquet\Integrity\Part;

final class FileWalkTest extends TestCase
{
    private FilesOnDisk $disk;

    protected function setUp(): void
    {
        $this->disk = new FilesOnDisk([
            'lantern.php' => '', 'readme.txt' => '', 'inc/a.php' => '', 'inc/deep/b.js' => '', 'img/logo.png' => '', '.git/config' => '', 'img/logo.php.png' => '', 'wp-content/x.php' => '',
        ]);
    }

    protected function tearDown(): void
    {
        $this->disk->remove();
    }

    /** @return list<string> */
    private function walk(Part $part): array
    {
        $walk = new FileWalk($part);
        $found = [];
        while (($files = $walk->next()) !== null) {
            $found = array_merge($found, $files);
        }
        sort($found);
        return $found;
    }

    public function testAPluginIsAllItsFilesButPicturesAndTexts(): void
    {
        self::assertSame(['img/logo.php.png', 'inc/a.php', 'inc/deep/b.js', 'lantern.php', 'wp-content/x.php'], $this->walk(new Part('plugin:lantern', $this->disk->root)));
    }

    public function testAmongUploadsOnlyCodeCounts(): void
    {
        self::assertSame(['img/logo.php.png', 'inc/a.php', 'lantern.php', 'wp-content/x.php'], $this->walk(new Part('uploads', $this->disk->root)));
    }

    public function testWordPressIsItsDirectoriesAndWhatLiesInItsRoot(): void
    {
        self::assertSame(['inc/a.php', 'inc/deep/b.js', 'lantern.php'], $this->walk(new Part('core', $this->disk->root, ['inc'], [''])));
    }

    public function testAPluginOfOneFileIsThatFile(): void
    {
        self::assertSame(['lantern.php'], $this->walk(new Part('plugin:lantern', $this->disk->root, [], [], 'lantern.php')));
    }

    public function testAWalkGoesOnWhereItStopped(): void
    {
        $part = new Part('plugin:lantern', $this->disk->root);
        $found = [];
        $pending = null;
        do {
            $walk = new FileWalk($part, $pending);
            $found = array_merge($found, $walk->next() ?? []);
            $pending = json_decode((string) json_encode($walk->pending()), true);
        } while ($pending !== []);
        sort($found);
        self::assertSame($this->walk($part), $found);
    }

    public function testALinkIsNotFollowed(): void
    {
        symlink($this->disk->root, $this->disk->root . '/inc/round');
        self::assertCount(5, $this->walk(new Part('plugin:lantern', $this->disk->root)));
    }

    public function testADirectoryThatIsNotThereHasNoFiles(): void
    {
        self::assertSame([], $this->walk(new Part('plugin:gone', $this->disk->root . '/gone')));
    }
}
