package io.tradingbreaker.spring.observation;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.tradingbreaker.BreakerConfig;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.CallObserver;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.test.ManualScheduler;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;

/**
 * Two levels of breakers in virtual time, with a registry of observations that refuses what handlers must not see, such as a
 * scope that is closed after its observation has stopped.
 */
final class Observed implements AutoCloseable {

    final ManualScheduler time = new ManualScheduler();
    final TestObservationRegistry observations = TestObservationRegistry.create();
    final List<Observation.Context> stopped = new CopyOnWriteArrayList<>();
    final List<Observation.Context> started = new CopyOnWriteArrayList<>();
    final BreakerRegistry registry;
    final TradingBreaker node;
    private final ListAppender<ILoggingEvent> complaints = new ListAppender<>();

    Observed() {
        this(null, null);
    }

    Observed(BreakerCallConvention calls, TransitionConvention transitions) {
        observations.observationConfig().observationHandler(new Recorder());
        ObservedBreakers observer =
                new ObservedBreakers(() -> new ObservedBreakers.Settings(observations, calls, transitions));
        registry = BreakerRegistry.builder()
                .clock(time.clock())
                .scheduler(time)
                .observer(observer)
                .breaker("venue", BreakerConfig.DEFAULT)
                .breaker(
                        "node",
                        BreakerConfig.DEFAULT.with(c -> c.parent("venue")
                                .failureThreshold(2)
                                .permitTimeout(Duration.ofSeconds(1))
                                .ignoreExceptions(List.of(IOException.class))))
                .build();
        node = registry.breaker("node");
        complaints.start();
        logger().addAppender(complaints);
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger(CallObserver.class);
    }

    /** The observations that have stopped, each with its key values in the order of their keys. */
    List<String> seen() {
        return stopped.stream().map(Observed::line).toList();
    }

    Observation.Context last() {
        return stopped.get(stopped.size() - 1);
    }

    /** Every observation has stopped, this thread is in none, and no handler was misused. */
    void assertNothingIsLeft() {
        assertThat(stopped).containsExactlyInAnyOrderElementsOf(started);
        assertThat(observations.getCurrentObservationScope()).isNull();
        assertThat(complaints.list).isEmpty();
    }

    List<String> complaints() {
        return complaints.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Override
    public void close() {
        logger().detachAppender(complaints);
        registry.close();
    }

    private static String line(Observation.Context context) {
        return context.getName() + " "
                + context.getLowCardinalityKeyValues().stream()
                        .map(Observed::pair)
                        .collect(Collectors.joining(" "));
    }

    private static String pair(KeyValue keyValue) {
        return keyValue.getKey() + "=" + keyValue.getValue();
    }

    private final class Recorder implements ObservationHandler<Observation.Context> {

        @Override
        public void onStart(Observation.Context context) {
            started.add(context);
        }

        @Override
        public void onStop(Observation.Context context) {
            stopped.add(context);
        }

        @Override
        public boolean supportsContext(Observation.Context context) {
            return true;
        }
    }
}
