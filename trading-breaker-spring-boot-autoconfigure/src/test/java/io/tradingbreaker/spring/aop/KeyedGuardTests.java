package io.tradingbreaker.spring.aop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.Intent;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.TradingPausedException;
import io.tradingbreaker.spring.Calls;
import io.tradingbreaker.spring.VirtualTime;
import io.tradingbreaker.spring.autoconfigure.LatencyGuardedAutoConfiguration;
import io.tradingbreaker.spring.autoconfigure.TradingBreakerAutoConfiguration;
import io.tradingbreaker.test.ManualScheduler;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.AliasFor;

/** Methods with a key: each key has a breaker of its own. */
@ExtendWith(OutputCaptureExtension.class)
class KeyedGuardTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    AopAutoConfiguration.class,
                    TradingBreakerAutoConfiguration.class,
                    LatencyGuardedAutoConfiguration.class))
            .withUserConfiguration(VirtualTime.class, Beans.class)
            .withPropertyValues(
                    "trading-breaker.breakers.venue.mode=enforce",
                    "trading-breaker.breakers.node.parent=venue",
                    "trading-breaker.breakers.node.max-keys=3",
                    "desk.region=eu");

    @Test
    void eachKey_hasItsBreaker_withTheTemplatesLimitsAndParent() {
        run(f -> {
            f.desk.quote(new Endpoint("fra1"));
            f.desk.quote(new Endpoint("fra1"));
            f.desk.quote(new Endpoint("ams2"));

            assertThat(f.total("node:fra1")).isEqualTo(2);
            assertThat(f.total("node:ams2")).isOne();
            assertThat(f.total("node")).isZero();
            assertThat(f.total("venue")).isEqualTo(3);
            assertThat(f.breaker("node:fra1").config().parent()).isEqualTo("venue");
        });
    }

    @Test
    void slowKey_isPaused_andNoOther() {
        run(f -> {
            for (int i = 0; i < 4; i++) {
                f.desk.slow("fra1", f.time, Duration.ofMillis(250));
            }
            assertThat(f.breaker("venue").state())
                    .as("all calls of the venue were slow")
                    .isEqualTo(BreakerState.OPEN);
            f.breaker("venue").reset("test", null);

            assertThatExceptionOfType(TradingPausedException.class)
                    .isThrownBy(() -> f.desk.quote(new Endpoint("fra1")))
                    .satisfies(refusal -> assertThat(refusal.breaker()).isEqualTo("node:fra1"));
            assertThat(f.desk.quote(new Endpoint("ams2"))).isEqualTo("ams2");
        });
    }

    @Test
    void expression_seesParametersAndRoot() {
        run(f -> {
            f.desk.byIndex("x", URI.create("https://ams2/rpc"));
            assertThat(f.total("node:ams2")).isOne();
            f.desk.byRoot("x");
            assertThat(f.total("node:byroot-" + "x".length() + "-desk")).isOne();
            f.desk.byPlaceholder("fra1");
            assertThat(f.total("node:eu.fra1")).isOne();
        });
    }

    @Test
    void overlongAndHostileKeys_areNames() {
        run(f -> {
            f.desk.direct("T(java.lang.Runtime).getRuntime().exit(1)");
            f.desk.direct("line\nfeed \u0000".repeat(100_000));
            assertThat(f.context.getBean(BreakerRegistry.class).breakers())
                    .extracting(TradingBreaker::name)
                    .hasSize(5)
                    .allMatch(name -> name.matches("[a-z0-9._:-]{1,140}"));
        });
    }

    @Test
    void keyThatIsNoText_isShownAsText() {
        run(f -> {
            f.desk.any(7);
            f.desk.any(Optional.of("fra1"));
            assertThat(f.total("node:7")).isOne();
            assertThat(f.total("node:fra1")).isOne();
            f.desk.any(List.of(1, 2).toArray());
            f.desk.any(List.of(1, 2).toArray());
            assertThat(f.context.getBean(BreakerRegistry.class).breakers())
                    .as("equal arrays are one key")
                    .hasSize(6);
        });
    }

    @Test
    void noKey_isGuardedByTheTemplate() {
        run(f -> {
            f.desk.direct(null);
            f.desk.direct("  ");
            f.desk.any(Optional.empty());
            assertThat(f.total("node")).isEqualTo(3);
        });
    }

    @Test
    void expressionThatFails_isGuardedByTheTemplate_andWarnsOnce(CapturedOutput output) {
        run(f -> {
            f.desk.quote(null);
            f.desk.quote(null);
            assertThat(f.total("node")).isEqualTo(2);
            assertThat(output)
                    .containsOnlyOnce("The key #endpoint.host of " + Desk.class.getName() + ".quote(Endpoint) failed")
                    .contains("(SpelEvaluationException PROPERTY_OR_FIELD_NOT_READABLE_ON_NULL)");

            f.breaker("node").halt("stop", null);
            assertThatThrownBy(() -> f.desk.quote(null)).isInstanceOf(TradingPausedException.class);
            assertThatThrownBy(() -> f.desk.throwing("secret")).isInstanceOf(TradingPausedException.class);
            assertThat(output).doesNotContain("secret");
        });
    }

    @Test
    void compiledExpression_copesWithAnotherTypeAndWithNull() {
        run(f -> {
            for (int i = 0; i < 300; i++) {
                f.desk.named(new Endpoint("fra1"));
            }
            f.desk.named(new Server("ams2"));
            f.desk.named(null);
            f.desk.named(new Endpoint("fra1"));
            assertThat(f.total("node:fra1")).isEqualTo(301);
            assertThat(f.total("node:ams2")).isOne();
            assertThat(f.total("node")).isOne();
        });
    }

    @Test
    void nestedCall_joinsItsOwnKeyOnly_andTheParentEitherWay() {
        run(f -> {
            f.desk.inside("fra1", () -> f.other.read("fra1"));
            assertThat(f.total("node:fra1")).isOne();
            assertThat(f.total("venue")).isOne();

            f.desk.inside("fra1", () -> f.other.read("ams2"));
            assertThat(f.total("node:fra1")).isEqualTo(2);
            assertThat(f.total("node:ams2")).isOne();
            assertThat(f.total("venue")).isEqualTo(2);
        });
    }

    @Test
    void refusedKey_runsItsFallback() {
        run(f -> {
            assertThat(f.desk.buy("fra1")).isEqualTo("bought");
            f.breaker("node:fra1").halt("stop", null);
            assertThat(f.desk.buy("fra1")).isEqualTo("later, node:fra1");
            assertThat(f.desk.buy("ams2")).isEqualTo("bought");
        });
    }

    @Test
    void full_furtherKeysShareTheTemplate() {
        run(f -> {
            for (String host : List.of("a", "b", "c", "d", "e")) {
                f.desk.direct(host);
            }
            assertThat(f.total("node")).isEqualTo(2);
            assertThat(f.find("node:d")).isNull();
        });
    }

    @Test
    void full_refusing_furtherKeysAreRefused_butForWhatPasses() {
        runner.withPropertyValues("trading-breaker.breakers.node.when-keys-full=refuse")
                .run(context -> {
                    Fixture f = new Fixture(context);
                    for (String host : List.of("a", "b", "c")) {
                        f.desk.direct(host);
                    }
                    assertThatExceptionOfType(TradingPausedException.class)
                            .isThrownBy(() -> f.desk.direct("d"))
                            .withMessageContaining("max-keys (3)");
                    f.desk.cancel("d");
                    assertThat(f.breaker("node").counters().successful()).isOne();
                    assertThat(f.breaker("node").counters().rejected()).isOne();
                });
    }

    @Test
    void idleKey_goes_andComesBackWithTheNextCall() {
        run(f -> {
            f.desk.direct("fra1");
            TradingBreaker first = f.breaker("node:fra1");
            f.time.advance(Duration.ofMinutes(30));
            assertThat(f.find("node:fra1")).isNull();

            f.desk.direct("fra1");
            assertThat(f.breaker("node:fra1")).isNotSameAs(first);
            assertThat(f.total("node:fra1")).isOne();
        });
    }

    @Test
    void stagesAndFutures_endTheCallOfTheirKey() {
        run(f -> {
            CompletableFuture<String> operation = new CompletableFuture<>();
            assertThat(f.desk.stage("fra1", operation)).isSameAs(operation);
            FutureTask<String> task = new FutureTask<>(() -> "done");
            assertThat(f.desk.future("ams2", task)).isSameAs(task);
            assertThat(f.breaker("node:fra1").counters().inFlight()).isOne();
            assertThat(f.breaker("node:ams2").counters().inFlight()).isOne();

            operation.complete("done");
            task.run();

            Calls.assertEnded(f.breaker("node:fra1"), 1, 0, 0);
            org.awaitility.Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> Calls.assertEnded(f.breaker("node:ams2"), 1, 0, 0));
        });
    }

    @Test
    void classInterfaceAndComposedAnnotation_haveKeysToo() {
        run(f -> {
            f.byClass.read("fra1");
            f.venue.quote("ams2");
            f.desk.composed("ewr3");
            assertThat(f.total("node:fra1")).isOne();
            assertThat(f.total("node:ams2")).as("named as in the interface").isOne();
            assertThat(f.total("node:ewr3")).isOne();
        });
    }

    @Test
    void jdkProxy_hasKeysToo() {
        runner.withPropertyValues("spring.aop.proxy-target-class=false").run(context -> {
            context.getBean(Venue.class).quote("fra1");
            assertThat(context.getBean(BreakerRegistry.class).find("node:fra1")).isNotNull();
        });
    }

    @Test
    void reductionsOfAllKeys_takeFromOnePosition() {
        runner.withBean(PositionView.class, () -> (breaker, instrument) -> {
                    assertThat(breaker).isEqualTo("node");
                    return BigDecimal.TEN;
                })
                .run(context -> {
                    Fixture f = new Fixture(context);
                    f.desk.direct("fra1");
                    f.desk.direct("ams2");
                    f.breaker("node:fra1").halt("stop", null);
                    f.breaker("node:ams2").halt("stop", null);
                    CompletableFuture<String> pending = new CompletableFuture<>();
                    assertThat(f.desk.sell("fra1", "SOL", 6, pending)).isNotDone();
                    assertThat(f.desk.sell("ams2", "SOL", 6, pending)).isCompletedExceptionally();
                    pending.complete("sold");
                });
    }

    @Test
    void reductionOfAKeyWithoutRoom_isHeldAgainstThePosition_asCallsThatOpenRiskAreRefused() {
        runner.withPropertyValues("trading-breaker.breakers.node.when-keys-full=refuse")
                .withBean(PositionView.class, () -> (breaker, instrument) -> BigDecimal.TEN)
                .run(context -> {
                    Fixture f = new Fixture(context);
                    for (String host : List.of("a", "b", "c")) {
                        f.desk.direct(host);
                    }
                    CompletableFuture<String> pending = new CompletableFuture<>();
                    assertThat(f.desk.sell("d", "SOL", 6, pending)).isNotDone();
                    assertThat(f.desk.sell("d", "SOL", 6, pending))
                            .isCompletedExceptionally()
                            .satisfies(refused -> assertThatThrownBy(refused::join)
                                    .hasMessageContaining("max-keys are in use, not taken for a reduction"));
                    pending.complete("sold");
                    f.desk.sell("d", "SOL", 6, new CompletableFuture<>()).cancel(false);
                });
    }

    @Test
    void startReport_namesKeysAndTheirLimit(CapturedOutput output) {
        run(f -> assertThat(output)
                .containsPattern(
                        "INFO.*Breaker 'node' .*; one for each of up to 3 keys, further ones share this one, idle ones"
                                + " end after 600s; guards .*Desk\\.quote\\(Endpoint\\) by key #endpoint\\.host"));
    }

    private void run(Work work) {
        runner.run(context -> work.run(new Fixture(context)));
    }

    @FunctionalInterface
    interface Work {
        void run(Fixture fixture) throws Exception;
    }

    static final class Fixture {
        final org.springframework.context.ApplicationContext context;
        final ManualScheduler time;
        final Desk desk;
        final Other other;
        final OnClass byClass;
        final Venue venue;

        Fixture(org.springframework.context.ApplicationContext context) {
            this.context = context;
            time = context.getBean(ManualScheduler.class);
            desk = context.getBean(Desk.class);
            other = context.getBean(Other.class);
            byClass = context.getBean(OnClass.class);
            venue = context.getBean(Venue.class);
        }

        @Nullable
        TradingBreaker find(String name) {
            return context.getBean(BreakerRegistry.class).find(name);
        }

        TradingBreaker breaker(String name) {
            TradingBreaker found = find(name);
            assertThat(found).as(name).isNotNull();
            return found;
        }

        long total(String name) {
            return breaker(name).counters().total();
        }
    }

    public record Endpoint(String host) implements Named {
        @Override
        public String name() {
            return host;
        }
    }

    public record Server(String name) implements Named {}

    public interface Named {
        String name();
    }

    @Retention(RetentionPolicy.RUNTIME)
    @LatencyGuarded("node")
    @interface Keyed {
        @AliasFor(annotation = LatencyGuarded.class, attribute = "key")
        String by();
    }

    static class Desk {

        @LatencyGuarded(value = "node", key = "#endpoint.host")
        public @Nullable String quote(@Nullable Endpoint endpoint) {
            return endpoint == null ? null : endpoint.host();
        }

        @LatencyGuarded(value = "node", key = "#host")
        public void slow(String host, ManualScheduler time, Duration latency) {
            time.advance(latency);
        }

        @LatencyGuarded(value = "node", key = "#p1.host")
        public void byIndex(String other, URI uri) {}

        @LatencyGuarded(
                value = "node",
                key = "#root.method.name.toLowerCase() + '-' + #root.args.length + '-' + #root.target.toString()")
        public void byRoot(String any) {}

        @LatencyGuarded(value = "node", key = "'${desk.region}.' + #a0")
        public void byPlaceholder(String host) {}

        @LatencyGuarded(value = "node", key = "#host")
        public void direct(@Nullable String host) {}

        @LatencyGuarded(value = "node", key = "#host", intent = Intent.CANCEL)
        public void cancel(String host) {}

        @LatencyGuarded(value = "node", key = "#any")
        public void any(Object any) {}

        @LatencyGuarded(value = "node", key = "#named.name")
        public void named(@Nullable Named named) {}

        @LatencyGuarded(value = "node", key = "#root.target.fail(#host)")
        public void throwing(String host) {}

        public static String fail(String host) {
            throw new IllegalStateException(host);
        }

        @LatencyGuarded(value = "node", key = "#host")
        public Object inside(String host, Callable<?> inner) throws Exception {
            return inner.call();
        }

        @LatencyGuarded(value = "node", key = "#host", fallback = "later")
        public String buy(String host) {
            return "bought";
        }

        @SuppressWarnings({"unused", "UnusedMethod"})
        private String later(String host, TradingPausedException refusal) {
            return "later, " + refusal.breaker();
        }

        @LatencyGuarded(value = "node", key = "#host")
        public CompletionStage<String> stage(String host, CompletableFuture<String> operation) {
            return operation;
        }

        @LatencyGuarded(value = "node", key = "#host")
        public Future<String> future(String host, Future<String> operation) {
            return operation;
        }

        @Keyed(by = "#host")
        public void composed(String host) {}

        @LatencyGuarded(value = "node", key = "#host", intent = Intent.REDUCE)
        public CompletableFuture<String> sell(
                String host, @Instrument String mint, @Quantity long quantity, CompletableFuture<String> operation) {
            return operation;
        }

        @Override
        public String toString() {
            return "desk";
        }
    }

    static class Other {
        @LatencyGuarded(value = "node", key = "#host")
        public Object read(String host) {
            return host;
        }
    }

    @LatencyGuarded(value = "node", key = "#host")
    static class OnClass {
        public String read(String host) {
            return host;
        }
    }

    interface Venue {
        @LatencyGuarded(value = "node", key = "#where")
        String quote(String where);
    }

    static class VenueClient implements Venue {
        @Override
        public String quote(String named) {
            return named;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Beans {
        @Bean
        Desk desk() {
            return new Desk();
        }

        @Bean
        Other other() {
            return new Other();
        }

        @Bean
        OnClass onClass() {
            return new OnClass();
        }

        @Bean
        Venue venue() {
            return new VenueClient();
        }
    }
}
