package io.tradingbreaker.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradingbreaker.BreakerConfig;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.HealthStatus;
import io.tradingbreaker.KeyPolicy;
import io.tradingbreaker.Rule;
import io.tradingbreaker.spring.actuate.CircuitBreakerEndpoint;
import io.tradingbreaker.spring.autoconfigure.BreakerSettings;
import io.tradingbreaker.spring.autoconfigure.GrpcGuardsAutoConfiguration;
import io.tradingbreaker.spring.autoconfigure.HttpGuardsAutoConfiguration;
import io.tradingbreaker.spring.autoconfigure.LatencyGuardedAutoConfiguration;
import io.tradingbreaker.spring.autoconfigure.ProbeAutoConfiguration;
import io.tradingbreaker.spring.autoconfigure.RetuningAutoConfiguration;
import io.tradingbreaker.spring.autoconfigure.TradingBreakerAutoConfiguration;
import io.tradingbreaker.spring.autoconfigure.TradingBreakerProperties;
import io.tradingbreaker.spring.autoconfigure.actuate.CircuitBreakerEndpointAutoConfiguration;
import io.tradingbreaker.spring.desk.HookRun;
import io.tradingbreaker.spring.grpc.GrpcGuards;
import io.tradingbreaker.spring.http.HttpGuards;
import io.tradingbreaker.spring.probe.ConfiguredProbes;
import io.tradingbreaker.spring.probe.ProbeSettings;
import io.tradingbreaker.test.ManualScheduler;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.ClassPathResource;

/** Holds the README to what the code does. */
class ReadmeTests {

    private static final String ROOT = "trading-breaker.";
    private static final String DEFAULTS = "trading-breaker.defaults.";

    private final Readme readme = new Readme();
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    TradingBreakerAutoConfiguration.class,
                    LatencyGuardedAutoConfiguration.class,
                    CircuitBreakerEndpointAutoConfiguration.class));

    @Test
    void yaml_declaresTheBreakerAndExposesTheEndpoint() {
        withYaml("# Trading Breaker").run(context -> {
            BreakerSettings set =
                    context.getBean(TradingBreakerProperties.class).breakers().get("node");
            BreakerConfig node =
                    context.getBean(BreakerRegistry.class).find("node").config();
            assertThat(node.p99Threshold()).isEqualTo(set.p99Threshold()).isEqualTo(Duration.ofMillis(200));
            assertThat(node.recoveryTimeout()).isEqualTo(set.recoveryTimeout()).isEqualTo(Duration.ofSeconds(30));
            assertThat(context).hasSingleBean(CircuitBreakerEndpoint.class);
            assertThat(context.getEnvironment().getProperty("management.endpoint.circuitbreaker.access"))
                    .isEqualTo("unrestricted");
        });
    }

    @Test
    void yamlOfProbes_givesTheBreakerOne() {
        withYaml("## Health probes")
                .withConfiguration(AutoConfigurations.of(ProbeAutoConfiguration.class))
                .withUserConfiguration(VirtualTime.class)
                .withPropertyValues("RPC_KEY=hunter2")
                .run(context -> {
                    ProbeSettings node = ConfiguredProbes.settings(context.getBeanProvider(ConfiguredProbes.class))
                            .apply("node");
                    assertThat(node.endpoints())
                            .hasSize(2)
                            .first()
                            .hasToString("https://rpc.example.com/?api-key=hunter2");
                    assertThat(node.interval()).isEqualTo(Duration.ofMillis(200));
                });
    }

    @Test
    void yamlOfKeys_givesTheTemplateItsLimits() {
        withYaml("### One breaker per endpoint").run(context -> {
            BreakerConfig keyed = context.getBean(BreakerRegistry.class)
                    .keyed("node")
                    .of("fra1.example.com")
                    .config();
            assertThat(keyed.parent()).isEqualTo("venue");
            assertThat(keyed.keys())
                    .isEqualTo(new KeyPolicy(20, KeyPolicy.WhenFull.SHARE, KeyPolicy.DEFAULT.idleTimeout()));
        });
    }

    @Test
    void filterChain_isTheOneThatIsTested() throws IOException {
        String tested = Files.readString(Path.of(
                "../compatibility/src/security/java/io/tradingbreaker/compatibility/security/SecuredActuator.java"));

        assertThat(tested.replaceAll("\\s+", " "))
                .contains(readme.block("java", "### Who may do what").strip().replaceAll("\\s+", " "));
    }

    private ApplicationContextRunner withYaml(String words) {
        byte[] yaml = readme.block("yaml", words).getBytes(StandardCharsets.UTF_8);
        return runner.withInitializer(context -> {
            context.getEnvironment().setConversionService(new ApplicationConversionService());
            try {
                new YamlPropertySourceLoader()
                        .load("README.md", new ByteArrayResource(yaml))
                        .forEach(context.getEnvironment().getPropertySources()::addLast);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void rootProperties_allWithTheirDefaults() throws IOException {
        Map<String, String> shown = shownDefaults("| Property | Default |", ROOT);
        Map<String, Object> actual = metadata();
        actual.keySet().removeIf(name -> name.startsWith(DEFAULTS));
        assertSameNamesAndUnset(shown, actual);
        runner.run(unset -> runner.withPropertyValues(assignments(shown)).run(set -> {
            TradingBreakerProperties expected = unset.getBean(TradingBreakerProperties.class);
            assertThat(set.getBean(TradingBreakerProperties.class)).isEqualTo(expected);
        }));
    }

    @Test
    void keysOfABreaker_allWithTheirDefaults() throws IOException {
        Map<String, String> shown = shownDefaults("| Key of a breaker | Default |", DEFAULTS);
        Map<String, Object> actual = metadata();
        actual.keySet().removeIf(name -> !name.startsWith(DEFAULTS));
        assertSameNamesAndUnset(shown, actual);
        runner.withPropertyValues(assignments(shown))
                .run(context -> assertThat(context.getBean(BreakerRegistry.class)
                                .breaker("trading")
                                .config())
                        .isEqualTo(BreakerConfig.DEFAULT.with(c -> c.failureThreshold(5))));
    }

    @ParameterizedTest
    @CsvSource({
        "a guard, http.guards[0]., uri, 'uri, breaker, methods, intent, failure-status, ignored-status'",
        "a gRPC guard, grpc.guards[0]., method, 'method, authority, breaker, intent, ignored-status'"
    })
    void keysOfAGuard_allWithTheirDefaults(String of, String guard, String place, String keys) {
        Map<String, String> shown = shownDefaults("| Key of " + of + " | Default |", ROOT + guard);
        String matching = ROOT + guard + place + "=a";
        runner.withPropertyValues(matching)
                .run(unset -> runner.withPropertyValues(assignments(shown))
                        .withPropertyValues(matching)
                        .run(set -> {
                            TradingBreakerProperties expected = unset.getBean(TradingBreakerProperties.class);
                            assertThat(set.getBean(TradingBreakerProperties.class))
                                    .isEqualTo(expected);
                        }));
        assertThat(shown.keySet().stream().map(name -> name.substring(name.indexOf(']') + 2)))
                .containsExactly(keys.split(", ", -1));
    }

    @Test
    void guardsOfGrpc_areAsShown() {
        withYaml("## gRPC")
                .withConfiguration(AutoConfigurations.of(GrpcGuardsAutoConfiguration.class))
                .run(context -> {
                    assertThat(context.getBean(GrpcGuards.class).places())
                            .extracting(place -> place.breaker() + " " + place.text())
                            .containsExactly(
                                    "node gRPC geyser.Geyser/Subscribe at *.rpcpool.com", "node gRPC geyser.Geyser/*");
                    assertThat(context.getBean(BreakerRegistry.class)
                                    .find("node")
                                    .config()
                                    .streamSilence())
                            .isEqualTo(Duration.ofSeconds(2));
                });
    }

    @Test
    void guards_areAsShown() {
        withYaml("## HTTP clients")
                .withPropertyValues("jupiter.base-url=http://127.0.0.1:8080")
                .withConfiguration(AutoConfigurations.of(HttpGuardsAutoConfiguration.class))
                .run(context -> assertThat(context.getBean(HttpGuards.class).places())
                        .extracting(place -> place.breaker() + " " + place.text())
                        .containsExactly(
                                "jupiter HTTP https://*.jup.ag/swap/**",
                                "jupiter HTTP GET http://127.0.0.1:8080/quote"));
    }

    @Test
    void view_hasTheKeysOfTheEndpointInOrder() {
        ManualScheduler time = new ManualScheduler();
        BreakerRegistry registry = BreakerRegistry.builder()
                .clock(time.clock())
                .scheduler(time)
                .healthCheckers(List.of(() -> HealthStatus.unhealthy("behind")))
                .build();
        registry.breaker("trading").trip("test", null);
        time.advance(Duration.ofSeconds(31));
        Object actual = new CircuitBreakerEndpoint(
                        registry, breaker -> probe(breaker), breaker -> hooks(breaker), null, null)
                .breaker("trading")
                .getBody();

        Map<String, Object> shown = JsonParserFactory.getJsonParser()
                .parseMap(readme.block(
                        "json", "when more than one in a hundred calls to the sample's node took over 200 ms"));

        assertThat(shown).containsEntry("state", "OPEN");
        assertThat(shown.get("reason")).isNotNull();
        assertSameKeys("", shown, actual);
    }

    private static List<HookRun> hooks(String breaker) {
        return List.of(new HookRun(
                breaker,
                "cancelEntries",
                HookRun.Event.PAUSE,
                Instant.now(),
                Duration.ofMillis(1),
                HookRun.Result.OK,
                null));
    }

    private static ProbeSettings probe(String breaker) {
        return new ProbeSettings(
                breaker,
                "solana-rpc",
                List.of(URI.create("http://127.0.0.1:8899")),
                ProbeSettings.Require.ALL,
                1,
                null,
                () -> Duration.ofSeconds(2),
                Duration.ofMillis(400),
                () -> Duration.ofMillis(200),
                Duration.ofSeconds(1),
                10,
                "GET",
                Set.of(200),
                Map.of(),
                null,
                "");
    }

    @Test
    void diagram_hasExactlyTheLegalTransitions() {
        Map<String, Set<String>> shown = new TreeMap<>();
        readme.block("mermaid", "## States")
                .lines()
                .map(String::strip)
                .filter(line -> line.contains("-->") && !line.startsWith("[*]"))
                .forEach(line -> {
                    String[] parts = line.replaceAll("\\([^)]*\\)", "").split(":", -1);
                    String[] rules = parts[1].strip().split("\\s*,\\s*", -1);
                    shown.computeIfAbsent(parts[0].strip(), key -> new TreeSet<>())
                            .addAll(Arrays.asList(rules));
                });
        Map<String, Set<String>> legal = new TreeMap<>();
        for (BreakerState from : BreakerState.values()) {
            for (BreakerState to : BreakerState.values()) {
                for (Rule rule : Rule.values()) {
                    if (rule.moves(from, to)) {
                        legal.computeIfAbsent(from + " --> " + to, key -> new TreeSet<>())
                                .add(rule.code());
                    }
                }
            }
        }
        assertThat(shown).isEqualTo(legal);
    }

    @Test
    void states_allDescribed() {
        assertThat(readme.table("| State |").stream().map(row -> row.get(0)))
                .containsExactly(
                        Arrays.stream(BreakerState.values()).map(Enum::name).toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource({"percentile, 1", "consecutive, 2", "error-rate, 3", "local-pause, 4", "stream-silence, 5"})
    void ruleThatTrips_canBeSwitchedOffAsShown(String rule, int number) {
        List<String> row = readme.table("| Rule |").get(number - 1);
        assertThat(row.get(0)).isEqualTo("`" + rule + "`");
        List<String> settings = Readme.code(row.get(2));
        assertThat(settings.get(0)).endsWith(": 0");
        runner.withPropertyValues(settings.stream()
                        .map(s -> DEFAULTS + s.replace(": ", "="))
                        .toArray(String[]::new))
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void actions_areThoseOfTheEndpoint() {
        BreakerRegistry registry =
                BreakerRegistry.builder().scheduler(new ManualScheduler()).build();
        Map<?, ?> refusal = (Map<?, ?>) new CircuitBreakerEndpoint(registry)
                .actOnAll(SecurityContext.NONE, "unknown", null, null, null, null)
                .getBody();
        assertThat(refusal.keySet().toString()).isEqualTo("[error, allowed]");
        assertThat(readme.table("| `action` |").stream()
                        .flatMap(row -> Readme.code(row.get(0)).stream())
                        .toList())
                .isEqualTo(refusal.get("allowed"));
    }

    @Test
    void retuning_isTakenAndRefusedAsShown() {
        Map<String, Object> order = json(readme.block("", "### Retuning while it trades"));
        Map<String, Object> refusal = json(readme.block("", "One wrong key or value"));
        withYaml("# Trading Breaker")
                .withConfiguration(AutoConfigurations.of(RetuningAutoConfiguration.class))
                .withUserConfiguration(VirtualTime.class)
                .run(context -> {
                    CircuitBreakerEndpoint endpoint = context.getBean(CircuitBreakerEndpoint.class);
                    assertThat(order.remove("action")).isEqualTo("retune");
                    assertThat(order.keySet().removeAll(List.of("reason", "actor")))
                            .isTrue();
                    assertThat(retune(endpoint, Map.of("window-size", "100")).getBody())
                            .isEqualTo(refusal);
                    assertThat(retune(endpoint, order).getStatus()).isEqualTo(200);
                    BreakerConfig node = context.getBean(BreakerRegistry.class)
                            .breaker("node")
                            .config();
                    assertThat(node.p99Threshold()).hasMillis(300);
                    assertThat(node.latencyThreshold()).hasMillis(300);
                    assertThat(node.recovery().baseDelay()).hasSeconds(2);
                });
    }

    private static WebEndpointResponse<Object> retune(CircuitBreakerEndpoint endpoint, Map<String, Object> limits) {
        return endpoint.actOn(
                SecurityContext.NONE, new String[] {"node"}, "retune", null, null, null, null, null, limits);
    }

    private static Map<String, Object> json(String block) {
        return JsonParserFactory.getJsonParser()
                .parseMap(block.substring(block.indexOf('{'), block.lastIndexOf('}') + 1));
    }

    @Test
    void unitTest_isOneThatRuns() throws IOException {
        String source = Files.readString(Path.of("src/test/java/io/tradingbreaker/spring/PauseTests.java"));
        assertThat(readme.block("java", "## Unit-testing"))
                .isEqualTo(source.substring(source.indexOf("@SpringBootTest\n")));
    }

    private Map<String, String> shownDefaults(String table, String prefix) {
        Map<String, String> shown = new LinkedHashMap<>();
        for (List<String> row : readme.table(table)) {
            String value = row.get(1).equals("not set")
                    ? null
                    : Readme.code(row.get(1)).get(0);
            shown.put(prefix + Readme.code(row.get(0)).get(0), value);
        }
        return shown;
    }

    private static void assertSameNamesAndUnset(Map<String, String> shown, Map<String, Object> actual) {
        assertThat(shown.keySet()).containsExactlyInAnyOrderElementsOf(actual.keySet());
        shown.forEach((name, value) -> assertThat(value == null).as(name).isEqualTo(actual.get(name) == null));
    }

    /** The settings that are shown, as a user would make them. */
    private static String[] assignments(Map<String, String> shown) {
        return shown.entrySet().stream()
                .filter(setting -> setting.getValue() != null)
                .map(setting -> setting.getKey() + "=" + setting.getValue().replaceAll("[\\[\\]]", ""))
                .toArray(String[]::new);
    }

    /** The defaults of all our properties, by name. */
    private static Map<String, Object> metadata() throws IOException {
        String json = new ClassPathResource("META-INF/spring-configuration-metadata.json")
                .getContentAsString(StandardCharsets.UTF_8);
        Map<String, Object> defaults = new TreeMap<>();
        for (Object property :
                (List<?>) JsonParserFactory.getJsonParser().parseMap(json).get("properties")) {
            Map<?, ?> fields = (Map<?, ?>) property;
            if (((String) fields.get("name")).startsWith(ROOT)) {
                defaults.put((String) fields.get("name"), fields.get("defaultValue"));
            }
        }
        return defaults;
    }

    private static void assertSameKeys(String path, Object shown, Object actual) {
        if (shown == null) {
            return;
        }
        if (actual instanceof Map<?, ?> map) {
            assertThat(shown).as(path).isInstanceOf(Map.class);
            assertThat(List.copyOf(((Map<?, ?>) shown).keySet())).as(path).isEqualTo(List.copyOf(map.keySet()));
            map.forEach((key, value) -> assertSameKeys(path + "/" + key, ((Map<?, ?>) shown).get(key), value));
        } else if (actual instanceof List<?> list) {
            assertThat(shown).as(path).isInstanceOf(List.class);
            ((List<?>) shown).forEach(item -> assertSameKeys(path + "[]", item, list.isEmpty() ? null : list.get(0)));
        } else {
            assertThat(shown).as(path).isNotInstanceOfAny(Map.class, List.class);
        }
    }
}
