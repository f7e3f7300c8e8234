<?php

declare(strict_types=1);

namespace Tourniquet\Unit\Ai;

use PHPUnit\Framework\TestCase;
use Tourniquet\Ai\LocalEndpoint;
use Tourniquet\Ai\Policy;
use Tourniquet\Ai\Services;
use Tourniquet\Ai\SettingChange;
use Tourniquet\Outbound\Destination;
use Tourniquet\Settings;

require_once __DIR__ . '/wordpress.php';

final class ServicesTest extends TestCase
{
    private const CHAT = '{"model":"m","messages":[]}';

    /** @return iterable<string, array{string, string}> */
    public function addresses(): iterable
    {
        foreach (
            [
            'https://api.openai.com/v1/chat/completions' => 'cloud', 'https://API.OpenAI.com./v1/models' => 'cloud', 'https://llm.local@api.openai.com/v1/models' => 'cloud', 'https://corp.openai.azure.com/openai/x' => 'cloud',
            'https://bedrock-runtime.eu-central-1.amazonaws.com/model/x/invoke' => 'cloud', 'https://europe-west1-aiplatform.googleapis.com/v1/x' => 'cloud', 'https://router.huggingface.co/v1' => 'cloud', 'https://models.corp.example/x' => 'cloud',
            'https://unheard.example/v1/chat/completions' => 'cloud', 'https://unheard.example/v1/messages' => 'cloud', 'http://2130706433/v1/chat/completions' => 'cloud', 'http://[::ffff:8.8.8.8]/v1/chat/completions' => 'cloud',
            'http://127.0.0.1:11434/api/chat' => 'local', 'http://localhost:8080/v1/chat/completions' => 'local', 'http://ollama:11434/api/generate' => 'local', 'http://10.1.2.3/v1/completions' => 'local', 'http://[::1]:8080/v1/chat/completions' => 'local', 'https://gpu.clinic.example/anything' => 'local',
            'https://notopenai.com/x' => '', 'https://openai.com.example/x' => '', 'https://stats.example/collect' => '', 'http://127.0.0.1:9200/_search' => '', 'https://shop.example/v1/chat/completions' => '', 'ftp://api.openai.com/' => '', 'not an address' => '',
            ] as $url => $location
        ) {
            yield $url => [$url, $location];
        }
    }

    /** @dataProvider addresses */
    public function testSaysWhereAModelIs(string $url, string $location): void
    {
        $services = new Services(new Settings(['ai_hosts' => ['models.corp.example'], 'ai_local_hosts' => ['gpu.clinic.example']]));
        self::assertSame($location, $services->locationOf($url, ['body' => self::CHAT]));
    }

    public function testACallWithoutAModelInItIsNoneByItsPathAlone(): void
    {
        self::assertSame('', (new Services(new Settings()))->locationOf('https://survey.example/responses', ['body' => '{"a":1}']));
    }

    public function testAnUnknownPolicyBlocks(): void
    {
        self::assertSame('block', (new Policy(new Settings(['ai_policy' => 'alow'])))->mode());
        self::assertSame('allow', (new Policy(new Settings()))->mode());
        self::assertSame('local', (new Policy(new Settings(['ai_policy' => 'alow'])))->place());
    }

    public function testTheHouseGetsTheQuestionAndNotTheKey(): void
    {
        $endpoint = new LocalEndpoint(new Settings(['ai_local_endpoint' => 'http://127.0.0.1:11434/v1/', 'ai_local_model' => 'small']));
        [$url, $args] = $endpoint->rewrite(Destination::of('https://corp.openai.azure.com/openai/deployments/d/chat/completions?api-version=1'), ['body' => self::CHAT, 'headers' => ['api-key' => 'x', 'Content-Type' => 'application/json']]);
        self::assertSame('http://127.0.0.1:11434/v1/chat/completions', $url);
        self::assertSame(['Content-Type' => 'application/json'], $args['headers']);
        self::assertSame('{"model":"small","messages":[]}', $args['body']);
        self::assertSame(0, $args['redirection']);
    }

    public function testWhatTheHouseDoesNotUnderstandHasNoCounterpart(): void
    {
        $settings = new Settings(['ai_local_endpoint' => 'http://127.0.0.1:11434/v1']);
        foreach (['https://api.anthropic.com/v1/messages', 'https://api.openai.com/v1/audio/transcriptions'] as $url) {
            self::assertNull((new LocalEndpoint($settings))->rewrite(Destination::of($url), ['body' => self::CHAT]));
        }
        self::assertNull((new LocalEndpoint($settings))->rewrite(Destination::of('https://api.openai.com/v1/chat/completions'), ['body' => ['model' => 'm']]));
    }

    public function testACloudIsNoHouse(): void
    {
        $settings = new Settings(['ai_local_endpoint' => 'https://api.groq.com/openai/v1']);
        self::assertNull((new LocalEndpoint($settings))->rewrite(Destination::of('https://api.openai.com/v1/chat/completions'), ['body' => self::CHAT]));
        self::assertSame('cloud', (new Services($settings))->locationOf('https://api.groq.com/openai/v1/chat/completions', ['body' => self::CHAT]));
    }

    public function testASettingThatOpensTheCloudIsKnown(): void
    {
        self::assertTrue((new SettingChange('x_cloud_fallback', 'no', 'yes'))->opensCloud());
        self::assertFalse((new SettingChange('x_cloud_fallback', 'yes', 'no'))->opensCloud());
        self::assertTrue((new SettingChange('llm_options', ['host' => 'http://127.0.0.1:11434'], ['host' => 'https://api.openai.com']))->opensCloud());
        self::assertSame(['host'], (new SettingChange('llm_options', ['host' => 'a', 'b' => 1], ['host' => 'c', 'b' => 1]))->parts());
        self::assertNull((new SettingChange('openai_key', 'a', 'secret'))->newSwitch());
    }
}
