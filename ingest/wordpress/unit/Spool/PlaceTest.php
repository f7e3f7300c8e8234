<?php

declare(strict_types=1);

namespace Tourniquet\Unit\Spool;

use PHPUnit\Framework\TestCase;
use Tourniquet\Spool\Place;
use Tourniquet\Unit\Integrity\FilesOnDisk;

final class PlaceTest extends TestCase
{
    private FilesOnDisk $disk;

    protected function setUp(): void
    {
        if (posix_geteuid() !== 0) {
            self::markTestSkipped('only root gives files away');
        }
        $this->disk = new FilesOnDisk(['of-the-web-server/spool/index.php' => "<?php\n"]);
    }

    protected function tearDown(): void
    {
        posix_geteuid() === 0 && $this->disk->remove();
    }

    public function testADirectoryMadeForTheWebServerStaysItsAlsoWhenRootComesFirst(): void
    {
        $directory = $this->disk->root . '/of-the-web-server/spool';
        chown($directory, 65534);
        chmod($directory, 0750);
        self::assertTrue(Place::at($directory)->prepare());
        clearstatcache();
        self::assertSame([65534, 0700], [fileowner($directory), fileperms($directory) & 0777]);
        self::assertSame([65534, 0600], [fileowner($directory . '/tally'), fileperms($directory . '/tally') & 0777]);
    }

    public function testADirectoryThatRootMakesBelongsToWhoOwnsTheOneAround(): void
    {
        $around = $this->disk->root . '/of-the-web-server';
        chown($around, 65534);
        self::assertTrue(Place::at($around . '/fresh')->prepare());
        self::assertSame([65534, 65534], [fileowner($around . '/fresh'), fileowner($around . '/fresh/tally')]);
    }
}
