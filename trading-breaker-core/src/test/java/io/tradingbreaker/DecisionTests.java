package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Transitions are told, on another thread, in the diagnostic context of the thread that decided them. Real threads. */
class DecisionTests {

    private final Logger logger = (Logger) LoggerFactory.getLogger(TradingBreaker.class);
    private final Level level = logger.getLevel();
    private final List<Map<String, String>> logged = new CopyOnWriteArrayList<>();
    private final List<Map<String, String>> listened = new CopyOnWriteArrayList<>();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            if (event.getFormattedMessage().contains(" -> ")) {
                logged.add(event.getMDCPropertyMap());
            }
        }
    };

    @BeforeEach
    void listen() {
        logger.setLevel(Level.INFO);
        appender.start();
        logger.addAppender(appender);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(appender);
        logger.setLevel(level);
        MDC.clear();
    }

    @Test
    void logLinesAndListeners_haveTheContextOfWhoDecided_andNoneOfItStays() {
        try (BreakerRegistry registry = BreakerRegistry.builder()
                .listeners(List.of(
                        t -> listened.add(MDC.getCopyOfContextMap() == null ? Map.of() : MDC.getCopyOfContextMap())))
                .breaker("trading", BreakerConfig.DEFAULT.with(c -> c.recoveryTimeout(Duration.ofMillis(100))))
                .build()) {
            TradingBreaker breaker = registry.breaker("trading");
            MDC.put("traceId", "abc");
            breaker.trip("x", null);
            assertThat(MDC.getCopyOfContextMap()).isEqualTo(Map.of("traceId", "abc"));
            MDC.clear();
            // The timer's transition, told by the same thread.
            await().atMost(Duration.ofSeconds(30)).until(() -> listened.size() == 2);
        }

        assertThat(listened).containsExactly(Map.of("traceId", "abc"), Map.of());
        assertThat(logged).containsExactly(Map.of("traceId", "abc"), Map.of());
    }

    @Test
    void contextOfTheThreadThatTells_isRestored() {
        Desk desk = new Desk();
        TradingBreaker breaker = desk.breaker();
        MDC.put("who", "decides");
        breaker.trip("x", null);
        MDC.put("who", "tells");
        desk.runDue();

        assertThat(logged).containsExactly(Map.of("who", "decides"));
        assertThat(MDC.getCopyOfContextMap()).isEqualTo(Map.of("who", "tells"));
    }
}
