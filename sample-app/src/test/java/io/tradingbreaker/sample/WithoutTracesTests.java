package io.tradingbreaker.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.tracing.Tracer;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.tradingbreaker.CallObserver;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;

/** Without the profile "trace" nothing is traced, exported or added to log lines. */
class WithoutTracesTests extends AbstractServiceTests {

    @Test
    void byDefault_thereIsNoTracing(@Autowired ApplicationContext context) {
        assertThat(context.getBeanProvider(SpanExporter.class)).isEmpty();
        assertThat(context.getBeanProvider(CallObserver.class)).isEmpty();
        assertThat(context.getBeanProvider(Tracer.class))
                .allSatisfy(tracer -> assertThat(tracer).isSameAs(Tracer.NOOP));
        assertThat(context.getEnvironment().getProperty("logging.expect-correlation-id", Boolean.class, false))
                .isFalse();
    }
}
