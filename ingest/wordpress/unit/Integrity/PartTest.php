<?php

declare(strict_types=1);

namespace Tourniquet\Unit\Integrity;

use PHPUnit\Framework\TestCase;
use Tourniquet\Integrity\Part;

final class PartTest extends TestCase
{
    /** @dataProvider names */
    public function testAPartIsCalledAsTheLogCallsIt(string $id, string $path, string $slug, string $action): void
    {
        $part = new Part($id, '/srv/site');
        self::assertSame([$slug, $action], [$part->slug($path), $part->action()]);
    }

    /** @return list<array{string, string, string, string}> */
    public function names(): array
    {
        return [
            ['core', 'wp-includes/load.php', 'core', 'core-file-changed'],
            ['config', 'wp-config.php', 'core', 'core-file-changed'],
            ['plugin:lantern', 'lantern.php', 'lantern', 'plugin-file-changed'],
            ['plugin:core', 'core.php', 'core', 'plugin-file-changed'],
            ['theme:mooring', 'style.css', 'theme:mooring', 'theme-file-changed'],
            ['mu-plugins', 'stowaway.php', 'mu:stowaway', 'plugin-file-changed'],
            ['mu-plugins', 'stowaway/inc/a.php', 'mu:stowaway', 'plugin-file-changed'],
            ['drop-ins', 'object-cache.php', 'drop-ins', 'plugin-file-changed'],
        ];
    }

    /** @dataProvider code */
    public function testCodeAmongUploadsIsKnownByItsName(string $path, bool $isCode): void
    {
        self::assertSame($isCode, (new Part('uploads', '/srv/uploads'))->holds($path));
    }

    /** @return list<array{string, bool}> */
    public function code(): array
    {
        return [
            ['2026/11/shell.php', true], ['2026/11/shell.PHP', true], ['shell.php5', true], ['shell.phtml', true], ['avatar.php.jpg', true], ['a.phar', true],
            ['.htaccess', true], ['x/.user.ini', true], ['run.cgi', true], ['holiday.jpg', false], ['list.csv', false], ['php-manual.pdf', false], ['graphphp', false],
        ];
    }

    public function testTheRootOfWordPressHoldsMoreThanCodeOfItsOwn(): void
    {
        $core = new Part('core', '/srv/site', ['wp-admin'], ['']);
        self::assertTrue($core->holds('wp-config.php'));
        self::assertTrue($core->holds('.htaccess'));
        self::assertTrue($core->holds('wp-admin/css/colors.css'));
        self::assertFalse($core->holds('notes.html'));
    }
}
