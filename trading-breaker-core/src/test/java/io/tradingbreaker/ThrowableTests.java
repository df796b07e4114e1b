package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Errors that nobody expects, in the middle of what must not be left half done. */
class ThrowableTests {

    private final FlakyScheduler flaky = new FlakyScheduler();
    private final List<Transition> told = new ArrayList<>();
    private final FailingLog failingLog = new FailingLog();
    private Runnable whileReadingTheClock = () -> {};
    private HealthStatus health = HealthStatus.healthy(Duration.ZERO, "ok");
    private Runnable whileChecking = () -> {};

    private final BreakerRegistryBuilder builder = BreakerRegistry.builder()
            .clock(new HookedClock())
            .scheduler(flaky)
            .listeners(List.of(told::add))
            .breaker("venue", BreakerConfig.DEFAULT)
            .breaker("node", BreakerConfig.DEFAULT.with(c -> c.parent("venue")));

    @AfterEach
    void detach() {
        failingLog.detach();
    }

    private TradingBreaker node() {
        return builder.build().breaker("node");
    }

    private TradingBreaker probed() {
        return builder.healthCheckers(List.of(() -> {
                    Runnable once = whileChecking;
                    whileChecking = () -> {};
                    once.run();
                    return health;
                }))
                .build()
                .breaker("node");
    }

    private void advance(long millis) {
        flaky.time.advance(Duration.ofMillis(millis));
    }

    /** In so many readings of the clock from now. */
    private void clockFailsAt(int reading) {
        AtomicInteger readings = new AtomicInteger();
        whileReadingTheClock = () -> {
            if (readings.incrementAndGet() == reading) {
                throw new InternalError("the clock");
            }
        };
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 220})
    @Timeout(value = 5, unit = TimeUnit.MINUTES) // it starts a JVM and fills its memory
    void windowThatCannotBeMade_keepsNoTrial(int millis) throws Exception {
        Process starved = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx32m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StarvedJvm.class.getName(),
                        Integer.toString(millis))
                .redirectErrorStream(true)
                .start();
        String said = new String(starved.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(starved.waitFor()).as(said).isZero();
    }

    @Test
    void errorAsACallBegins_holdsNoSlotAtAnyLevel() {
        TradingBreaker node = halfOpen(node());
        clockFailsAt(1);
        assertThatThrownBy(node::tryAcquire).isInstanceOf(InternalError.class);
        assertNothingIsHeld(node);
    }

    @Test
    void errorBetweenTwoLevels_holdsNoSlotAtAnyLevel() throws Exception {
        TradingBreaker node = halfOpen(node());
        AtomicInteger asked = new AtomicInteger();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread caller =
                new Thread(() -> {
                    try {
                        node.tryAcquire();
                    } catch (InternalError e) {
                        thrown.set(e);
                    }
                }) {
                    @Override
                    public long getId() {
                        // The second level asks second.
                        if (Thread.currentThread() == this && asked.incrementAndGet() == 2) {
                            throw new InternalError("no place");
                        }
                        return 1;
                    }
                };
        caller.start();
        caller.join(60_000);
        assertThat(thrown.get()).hasMessage("no place");
        assertNothingIsHeld(node);
    }

    private TradingBreaker halfOpen(TradingBreaker node) {
        node.acquire(Intent.OPEN_RISK).success();
        node.trip("test", null);
        advance(30_000);
        assertThat(node.state()).isEqualTo(BreakerState.HALF_OPEN);
        return node;
    }

    private static void assertNothingIsHeld(TradingBreaker node) {
        assertThat(node.counters().inFlight()).isZero();
        assertThat(node.parent().counters().inFlight()).isZero();
        for (int i = 0; i < 3; i++) {
            assertThat(node.tryAcquire()).isNotNull();
        }
        assertThat(node.tryAcquire()).isNull();
    }

    @Test
    void errorAfterATransition_leavesNeitherAPhaseWithoutTimers_norSilence() {
        TradingBreaker node = node();
        flaky.failsToPublish = true;
        failingLog.attach();
        assertThatThrownBy(() -> node.trip("a", null)).hasMessage("the log");
        failingLog.detach();
        advance(30_000);
        assertThat(node.state()).isEqualTo(BreakerState.HALF_OPEN);
        assertThat(told).extracting(Transition::sequence).containsExactly(1L, 2L);
    }

    @Test
    void phaseWhoseTimersCouldNotBeStarted_isStartedLater() {
        TradingBreaker node = halfOpen(node());
        flaky.failsToSchedule = true;
        failingLog.attach();
        assertThatThrownBy(() -> node.trip("a", null)).hasMessage("the log");
        failingLog.detach();
        flaky.failsToSchedule = false;
        advance(30_000);
        assertThat(node.state()).isEqualTo(BreakerState.HALF_OPEN);
    }

    @Test
    void timerThatCannotBeCancelledNorLogged_silencesNobody() {
        TradingBreaker node = node();
        node.trip("a", null);
        flaky.failsToCancel = true;
        failingLog.attach();
        assertThatThrownBy(() -> node.halt("b", null)).hasMessage("the log");
        failingLog.detach();
        flaky.failsToCancel = false;
        node.reset("c", null);
        flaky.time.runDue();
        assertThat(told).extracting(Transition::sequence).containsExactly(1L, 2L, 3L);
    }

    @Test
    void errorWhileListenersAreTold_silencesNobody() {
        TradingBreaker node = node();
        node.trip("a", null);
        clockFailsAt(1);
        assertThatThrownBy(flaky.time::runDue).hasMessage("the clock");
        node.halt("b", null);
        flaky.time.runDue();
        assertThat(told).extracting(Transition::sequence).containsExactly(1L, 2L);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void errorInTheAnswerOfAHealthCheck_isTriedAgain_andCountedOnce(int reading) {
        TradingBreaker node = probed();
        node.trip("a", null);
        whileChecking = () -> clockFailsAt(reading);
        try {
            advance(30_000);
        } catch (InternalError e) {
            assertThat(e).hasMessage("the clock");
        }
        assertThat(node.state()).isEqualTo(BreakerState.OPEN);
        advance(1_100);
        assertThat(node.state()).isEqualTo(BreakerState.HALF_OPEN);
        assertThat(node.counters().healthyProbes().count()).isEqualTo(1);
    }

    @Test
    void errorInTheAnswerOfAHealthCheckThatFailed_isOneFailedAttempt() {
        TradingBreaker node = probed();
        node.trip("a", null);
        health = new HealthStatus(false, Duration.ZERO, null, "no");
        whileChecking = () -> clockFailsAt(2);
        try {
            advance(30_000);
        } catch (InternalError e) {
            assertThat(e).hasMessage("the clock");
        }
        advance(1_100);
        assertThat(node.snapshot().recovery().attempt()).isEqualTo(1);
        health = HealthStatus.healthy(Duration.ZERO, "ok");
        advance(1_100);
        assertThat(node.state()).isEqualTo(BreakerState.HALF_OPEN);
    }

    @Test
    void questionOfAPhaseThatIsOver_doesNotTakeThePlaceOfItsSuccessors() {
        TradingBreaker node = probed();
        Runnable third = () -> {
            node.reset("d", null);
            node.trip("e", null);
            advance(30_000);
        };
        // While the first question is out, the second phase asks, and in the midst of that the third does.
        whileChecking = () -> {
            node.reset("b", null);
            node.trip("c", null);
            advance(29_980);
            flaky.whileScheduling = third;
            advance(20);
        };
        node.trip("a", null);
        advance(93_000);
        assertThat(node.state()).isEqualTo(BreakerState.HALF_OPEN);
    }

    @Test
    void transitionThatNeverCameToThePublisher_isToldInItsPlace_andOnce() {
        Publisher publisher = publisher();
        List<Transition> all = new ArrayList<>();
        Phase.Entry entry = withoutTheSecond(publisher, all, 3);
        assertThat(told).containsExactly(all.get(0));
        for (int look = 1; look < Publisher.LOOKS_BEFORE_MENDING; look++) {
            publisher.mend(entry, null);
        }
        flaky.time.runDue();
        assertThat(told).as("it may be on its way yet").containsExactly(all.get(0));
        publisher.mend(entry, null);
        publisher.mend(entry, null);
        flaky.time.runDue();
        assertThat(told).isEqualTo(all);
        publisher.add(all.get(1), 0, Decision.UNKNOWN, null);
        flaky.time.runDue();
        assertThat(told).isEqualTo(all);
    }

    @Test
    void transitionThatIsLostForGood_keepsNoLaterOneFromBeingTold() {
        Publisher publisher = publisher();
        List<Transition> all = new ArrayList<>();
        Phase.Entry entry = withoutTheSecond(publisher, all, 60);
        for (int look = 1; look < Publisher.LOOKS_BEFORE_GIVING_UP; look++) {
            publisher.mend(entry, null);
        }
        flaky.time.runDue();
        assertThat(told).as("it may be on its way yet").containsExactly(all.get(0));

        publisher.mend(entry, null);
        flaky.time.runDue();

        Transition lost = all.remove(1);
        assertThat(told).isEqualTo(all);
        publisher.add(lost, 0, Decision.UNKNOWN, null);
        flaky.time.runDue();
        assertThat(told).isEqualTo(all);
    }

    private Publisher publisher() {
        List<StateChangeListener> listeners = List.of(told::add);
        return new Publisher(
                flaky, flaky.time.clock(), () -> listeners, new Drills(flaky.time.clock(), () -> listeners));
    }

    /** Brings so many transitions to the publisher but the second, which is among all. */
    private Phase.Entry withoutTheSecond(Publisher publisher, List<Transition> all, int count) {
        Phase.Entry entry = Phase.Entry.first(flaky.time.clock());
        for (long number = 1; number <= count; number++) {
            Transition transition = transition(number);
            all.add(transition);
            entry = entry.next(transition, 0, 0, 1);
            if (number != 2) {
                publisher.add(transition, 0, Decision.UNKNOWN, null);
            }
        }
        flaky.time.runDue();
        return entry;
    }

    private static Transition transition(long number) {
        TransitionReason reason = new TransitionReason(Rule.HALT, "x", null, null, 0L, null);
        return new Transition("b", number, Instant.EPOCH, BreakerState.CLOSED, BreakerState.HALTED, reason, null);
    }

    private final class HookedClock implements BreakerClock {

        @Override
        public long nanoTime() {
            whileReadingTheClock.run();
            return flaky.time.clock().nanoTime();
        }

        @Override
        public Instant instant() {
            return flaky.time.clock().instant();
        }
    }

    /** Fails to say anything of the breaker. */
    private static final class FailingLog extends AppenderBase<ILoggingEvent> {

        private Level level;
        private final Logger logger = (Logger) LoggerFactory.getLogger("io.tradingbreaker");

        void attach() {
            setContext(logger.getLoggerContext());
            start();
            level = logger.getLevel();
            logger.setLevel(Level.ERROR);
            logger.addAppender(this);
        }

        void detach() {
            if (logger.detachAppender(this)) {
                logger.setLevel(level);
            }
        }

        @Override
        public synchronized void doAppend(ILoggingEvent event) {
            throw new InternalError("the log");
        }

        @Override
        protected void append(ILoggingEvent event) {}
    }
}
