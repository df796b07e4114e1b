package io.tradingbreaker.spring.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.Intent;
import io.tradingbreaker.Outcome;
import io.tradingbreaker.OutcomeClassifier;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.spring.Calls;
import io.tradingbreaker.spring.VirtualTime;
import io.tradingbreaker.spring.aop.LatencyGuarded;
import io.tradingbreaker.spring.autoconfigure.GrpcGuardsAutoConfiguration;
import io.tradingbreaker.spring.autoconfigure.LatencyGuardedAutoConfiguration;
import io.tradingbreaker.spring.autoconfigure.TradingBreakerAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.grpc.client.GlobalClientInterceptor;

/** The guards as beans, and what exceptions of gRPC mean to guarded methods around calls. */
@ExtendWith(OutputCaptureExtension.class)
class GuardedGrpcBeansTests {

    private final ApplicationContextRunner bare = new ApplicationContextRunner()
            .withUserConfiguration(VirtualTime.class)
            .withConfiguration(AutoConfigurations.of(
                    TradingBreakerAutoConfiguration.class,
                    LatencyGuardedAutoConfiguration.class,
                    GrpcGuardsAutoConfiguration.class));
    private final ApplicationContextRunner runner = bare.withPropertyValues(
            "trading-breaker.grpc.guards[0].method=geyser.Geyser/*",
            "trading-breaker.grpc.guards[0].authority=*.example.com",
            "trading-breaker.grpc.guards[0].breaker=node",
            "trading-breaker.grpc.guards[1].method=*",
            "trading-breaker.grpc.guards[1].breaker=other",
            "trading-breaker.grpc.guards[1].ignored-status=aborted");

    @Test
    void interceptor_isGlobal_andGuardsByTheFirstGuardThatMatches() {
        runner.run(context -> {
            assertThat(context.getBeanNamesForAnnotation(GlobalClientInterceptor.class))
                    .containsExactly(context.getBeanNamesForType(ClientInterceptor.class));
            ScriptedChannel channel = new ScriptedChannel();
            call(context.getBean(ClientInterceptor.class), channel, CallOptions.DEFAULT);
            channel.close(Status.OK);
            BreakerRegistry registry = context.getBean(BreakerRegistry.class);
            Calls.assertEnded(registry.find("node"), 1, 0, 0);
            call(context.getBean(ClientInterceptor.class), channel, CallOptions.DEFAULT.withAuthority("elsewhere:1"));
            channel.close(Status.ABORTED);
            Calls.assertEnded(registry.find("node"), 1, 0, 0);
            Calls.assertEnded(registry.find("other"), 0, 0, 1);
        });
    }

    @Test
    void callWithoutAGuard_passesUntouched() {
        bare.withPropertyValues("trading-breaker.grpc.guards[0].method=a.B/*").run(context -> {
            ScriptedChannel channel = new ScriptedChannel();
            Heard heard = call(context.getBean(ClientInterceptor.class), channel, CallOptions.DEFAULT);
            assertThat(channel.listener).isSameAs(heard);
            assertThat(context.getBean(TradingBreaker.class).counters().total()).isZero();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"trading-breaker.enabled=false", "trading-breaker.grpc.enabled=false"})
    void switchedOff_guardsNothing(String property) {
        runner.withPropertyValues(property)
                .run(context -> assertThat(context).doesNotHaveBean(ClientInterceptor.class));
    }

    @Test
    void withoutGuards_thereIsNoBean() {
        bare.run(context -> assertThat(context)
                .doesNotHaveBean(ClientInterceptor.class)
                .doesNotHaveBean(GrpcStatusClassifier.class));
    }

    @Test
    void withoutSpringGrpc_theInterceptorIsThereToBeTakenByHand() {
        runner.withClassLoader(new FilteredClassLoader("org.springframework.grpc"))
                .run(context -> assertThat(context).hasSingleBean(GrpcGuardInterceptor.class));
    }

    @Test
    void withoutGrpc_nothingIsMissed() {
        runner.withClassLoader(new FilteredClassLoader("io.grpc", "org.springframework.grpc"))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("tradingBreakerGrpcGuards"));
    }

    @Test
    void startReport_showsGuardsAndWarnsOfUndeclaredBreakers(CapturedOutput output) {
        runner.withPropertyValues("trading-breaker.breakers.node.stream-silence=2s")
                .run(context -> assertThat(output)
                        .contains("a watched stream silent for over 2s")
                        .contains("guards gRPC geyser.Geyser/* at *.example.com")
                        .contains("Breaker 'other' is not configured and runs with the defaults; it guards gRPC *"));
    }

    @Test
    void statusThrownByAGuardedMethod_meansThereWhatItMeansToTheGuards() {
        runner.withUserConfiguration(Desk.class).run(context -> {
            Desk desk = context.getBean(Desk.class);
            TradingBreaker halted = context.getBean(BreakerRegistry.class).breaker("halted");
            halted.halt("test", null);
            Throwable refusal = catchThrowable(() -> halted.acquire(Intent.OPEN_RISK));
            Exception refused = Status.UNAVAILABLE.withCause(refusal).asRuntimeException();
            for (Exception ignored : new Exception[] {
                Status.NOT_FOUND.asRuntimeException(),
                Status.ABORTED.asException(), // of one of the guards
                Status.CANCELLED.withCause(new InterruptedException()).asRuntimeException(),
                refused
            }) {
                assertThatThrownBy(() -> desk.run(ignored)).isSameAs(ignored);
            }
            TradingBreaker breaker = context.getBean(BreakerRegistry.class).find("desk");
            Calls.assertEnded(breaker, 0, 0, 4);
            for (Exception failure : new Exception[] {
                Status.UNAVAILABLE.asRuntimeException(), Status.CANCELLED.asException(), new Exception("other")
            }) {
                assertThatThrownBy(() -> desk.run(failure)).isSameAs(failure);
            }
            Calls.assertEnded(breaker, 0, 3, 4);
            assertThatThrownBy(() -> context.getBean(BreakerRegistry.class)
                            .find("node")
                            .call(() -> {
                                throw Status.ABORTED.asRuntimeException();
                            }))
                    .isInstanceOf(StatusRuntimeException.class);
            Calls.assertEnded(context.getBean(BreakerRegistry.class).find("node"), 0, 1, 0);
        });
    }

    @Test
    void applicationsOwnClassifier_isAskedFirst() {
        runner.withBean(
                        OutcomeClassifier.class,
                        () -> (breaker, result, error) ->
                                error instanceof StatusRuntimeException ? Outcome.FAILURE : null)
                .withUserConfiguration(Desk.class)
                .run(context -> {
                    Exception error = Status.NOT_FOUND.asRuntimeException();
                    assertThatThrownBy(() -> context.getBean(Desk.class).run(error))
                            .isSameAs(error);
                    Calls.assertEnded(context.getBean(BreakerRegistry.class).find("desk"), 0, 1, 0);
                });
    }

    @Test
    void systemProperties_areSettingsOfAGuard_orReported(CapturedOutput output) {
        bare.withSystemProperties(
                        "trading-breaker.grpc.guards[0].method=a.B/C", "trading-breaker.grpc.guards[0].metod=x")
                .run(context -> {
                    assertThat(context).hasSingleBean(GrpcGuardInterceptor.class);
                    assertThat(output)
                            .contains("System property trading-breaker.grpc.guards[0].metod has no effect")
                            .doesNotContain("guards[0].method has no effect");
                });
    }

    private static Heard call(ClientInterceptor interceptor, ScriptedChannel channel, CallOptions options) {
        Heard heard = new Heard();
        ClientCall<String, String> call =
                ClientInterceptors.intercept(channel, interceptor).newCall(Guarded.UNARY, options);
        call.start(heard, new Metadata());
        return heard;
    }

    static class Desk {

        @LatencyGuarded("desk")
        void run(Exception error) throws Exception {
            throw error;
        }
    }
}
