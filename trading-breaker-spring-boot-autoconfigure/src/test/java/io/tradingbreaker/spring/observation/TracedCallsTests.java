package io.tradingbreaker.spring.observation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.otel.bridge.EventPublishingContextWrapper;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.micrometer.tracing.otel.bridge.Slf4JEventListener;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.ContextStorage;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.tradingbreaker.BreakerConfig;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.Intent;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.TradingPausedException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Spans and log lines with OpenTelemetry's tracer, wired as Spring Boot wires it. Real threads. */
class TracedCallsTests {

    private static final Slf4JEventListener TO_LOG = new Slf4JEventListener();

    private final InMemorySpanExporter exported = InMemorySpanExporter.create();
    private final SdkTracerProvider provider = SdkTracerProvider.builder()
            .addSpanProcessor(SimpleSpanProcessor.create(exported))
            .build();
    private final ObservationRegistry observations = ObservationRegistry.create();
    private final Logger logger = (Logger) LoggerFactory.getLogger(TradingBreaker.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final BreakerRegistry registry = BreakerRegistry.builder()
            .observer(new ObservedBreakers(() -> new ObservedBreakers.Settings(observations, null, null)))
            .breaker(
                    "node",
                    BreakerConfig.DEFAULT.with(c -> c.failureThreshold(1).recoveryTimeout(Duration.ofHours(1))))
            .build();
    private final TradingBreaker node = registry.breaker("node");

    @BeforeAll
    static void followTheCurrentSpan() {
        ContextStorage.addWrapper(new EventPublishingContextWrapper(TO_LOG::onEvent));
    }

    @BeforeEach
    void trace() {
        OtelTracer tracer = new OtelTracer(provider.get("test"), new OtelCurrentTraceContext(), TO_LOG::onEvent);
        observations.observationConfig().observationHandler(new DefaultTracingObservationHandler(tracer));
        log.list = new CopyOnWriteArrayList<>();
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void end() {
        registry.close();
        logger.detachAppender(log);
        provider.close();
    }

    @Test
    void oneTrace_hasTheCallTheTransitionAndTheirLogLine() {
        Observation request = Observation.start("request", observations);
        request.scoped(() -> Assertions.assertThatThrownBy(() -> node.call(() -> {
                    Observation.start("client", observations).stop();
                    throw new IllegalStateException("down");
                }))
                .hasMessage("down"));
        request.scoped(() ->
                Assertions.assertThatThrownBy(() -> node.call(() -> 1)).isInstanceOf(TradingPausedException.class));
        request.stop();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> exported.getFinishedSpanItems().size() >= 5);

        SpanData call = span("outcome", "failure");
        assertThat(call.getName()).isEqualTo("breaker node");
        assertThat(call.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(call.getAttributes().get(AttributeKey.stringKey("breaker"))).isEqualTo("node");
        assertThat(call.getAttributes().get(AttributeKey.stringKey("state"))).isEqualTo("closed");
        SpanData refused = span("outcome", "rejected");
        assertThat(refused.getAttributes().get(AttributeKey.stringKey("rejection.reason")))
                .isEqualTo("consecutive");
        assertThat(refused.getStatus().getStatusCode()).isNotEqualTo(StatusCode.ERROR);
        assertThat(named("client").getParentSpanId()).isEqualTo(call.getSpanId());
        assertThat(span("to", "open").getParentSpanId()).isEqualTo(call.getSpanId());
        SpanData whole = named("request");
        assertThat(List.of(call.getParentSpanId(), refused.getParentSpanId())).containsOnly(whole.getSpanId());
        assertThat(List.of(call, refused, named("client"), span("to", "open")))
                .extracting(SpanData::getTraceId)
                .containsOnly(whole.getTraceId());
        assertThat(transition("-> OPEN").getMDCPropertyMap())
                .containsEntry("traceId", whole.getTraceId())
                .containsEntry("spanId", call.getSpanId());
        assertNothingIsLeftHere();
    }

    @Test
    void callThatEndsOnAnotherThread_takesItsTraceThere() throws Exception {
        CompletableFuture<String> answer = new CompletableFuture<>();
        Observation request = Observation.start("request", observations);
        request.scoped(() -> {
            node.callAsync(() -> answer);
        });
        request.stop();

        CompletableFuture<String> left = CompletableFuture.supplyAsync(() -> {
            answer.completeExceptionally(new IllegalStateException("down"));
            return MDC.get("traceId") + " " + Span.current().getSpanContext().isValid();
        });
        assertThat(left.get(30, TimeUnit.SECONDS)).isEqualTo("null false");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> exported.getFinishedSpanItems().size() >= 3);

        assertThat(span("to", "open").getTraceId()).isEqualTo(named("request").getTraceId());
        assertThat(transition("-> OPEN").getMDCPropertyMap())
                .containsEntry("traceId", named("request").getTraceId())
                .containsEntry("spanId", span("outcome", "failure").getSpanId());
        assertNothingIsLeftHere();
    }

    @Test
    void timersTransition_isATraceOfItsOwn_andItsLogLineHasNone() {
        node.retune(limits -> limits.recoveryTimeout(Duration.ofMillis(100)), "", null);
        Observation request = Observation.start("request", observations);
        request.scoped(() -> node.acquire(Intent.OPEN_RISK).failure());
        request.stop();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> log.list.stream()
                        .anyMatch(event -> event.getFormattedMessage().contains("-> HALF_OPEN")));

        assertThat(transition("-> HALF_OPEN").getMDCPropertyMap()).isEmpty();
        assertThat(span("to", "half-open").getParentSpanContext().isValid()).isFalse();
        assertThat(span("to", "open").getTraceId()).isEqualTo(named("request").getTraceId());
    }

    private SpanData named(String name) {
        return exported(span -> span.getName().equals(name));
    }

    private SpanData span(String key, String value) {
        return exported(span -> value.equals(span.getAttributes().get(AttributeKey.stringKey(key))));
    }

    /** It may still be under way: transitions are told, and calls ended, on other threads. */
    private SpanData exported(Predicate<SpanData> wanted) {
        return await().atMost(Duration.ofSeconds(30))
                .until(
                        () -> exported.getFinishedSpanItems().stream()
                                .filter(wanted)
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private ILoggingEvent transition(String change) {
        return await().atMost(Duration.ofSeconds(30))
                .until(
                        () -> List.copyOf(log.list).stream()
                                .filter(event -> event.getFormattedMessage().contains(change))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private void assertNothingIsLeftHere() {
        assertThat(Span.current().getSpanContext().isValid()).isFalse();
        assertThat(observations.getCurrentObservationScope()).isNull();
        assertThat(MDC.get("traceId")).isNull();
    }
}
