package io.tradingbreaker.spring.aop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.AdditionalAnswers.delegatesTo;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;

import io.tradingbreaker.BreakerConfig;
import io.tradingbreaker.BreakerMode;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.Intent;
import io.tradingbreaker.Permit;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.TradingPausedException;
import io.tradingbreaker.test.ManualScheduler;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ReductionsTests {

    private final ManualScheduler time = new ManualScheduler();
    private final BreakerRegistry registry = BreakerRegistry.builder()
            .clock(time.clock())
            .scheduler(time)
            .breaker("venue", BreakerConfig.DEFAULT)
            .breaker("node", BreakerConfig.DEFAULT.with(config -> config.parent("venue")))
            .build();
    private final TradingBreaker node = registry.breaker("node");
    private final AtomicInteger asked = new AtomicInteger();
    private PositionView positions = (breaker, instrument) -> BigDecimal.TEN;
    private final Reductions reductions = new Reductions(
            () -> (breaker, instrument) -> {
                asked.incrementAndGet();
                return positions.position(breaker, instrument);
            },
            time::clock);

    @Test
    void whileClosed_anyQuantityPassesUnasked() {
        sell(node, 1_000).acquire(null).success();

        assertThat(asked).hasValue(0);
        assertThat(node.counters().successful()).isOne();
    }

    @Test
    void whileHalted_atMostThePositionPasses() {
        node.halt("test", null);

        sell(node, 10).acquire(null);
        assertRefused(sell(node, 11), "11 with 10 in flight is more than the position of 10 in SOL");
    }

    @Test
    void whileALevelAboveIsPaused_asked() {
        registry.breaker("venue").trip("test", null);

        assertRefused(sell(node, 11), "11 is more than the position of 10 in SOL");
    }

    @Test
    void shortPosition_coveredByItsSize() {
        positions = (breaker, instrument) -> BigDecimal.valueOf(-3);
        node.halt("test", null);

        sell(node, 3).acquire(null);
        assertRefused(sell(node, 1), "1 with 3 in flight is more than the position of -3");
    }

    @Test
    void admittedWhileClosed_countsAfterATrip() {
        Reductions.Ticket first = sell(node, 6);
        first.acquire(null);
        node.trip("test", null);

        assertRefused(sell(node, 5), "5 with 6 in flight is more than the position of 10");
        sell(node, 4).acquire(null);
        first.run();
        first.run();
        sell(node, 6).acquire(null);
        assertRefused(sell(node, 1), "1 with 10 in flight");
    }

    @Test
    void otherInstrumentOrBreaker_countsForItself() {
        registry.halt("test", null);

        sell(node, 10).acquire(null);
        sell(registry.breaker("venue"), 10).acquire(null);
        begin(node, "JUP", 10L).acquire(null);
    }

    @Test
    void refused_isNotInFlight() {
        node.halt("test", null);

        assertRefused(sell(node, 11), "11 is more");
        sell(node, 10).acquire(null);
    }

    @Test
    void neverEnded_givenUpAfterPermitTimeout() {
        node.halt("test", null);
        sell(node, 10).acquire(null);

        time.advance(Duration.ofMinutes(5).plusMillis(1));

        sell(node, 10).acquire(null);
        assertRefused(sell(node, 1), "1 with 10 in flight");
    }

    static Stream<Arguments> noQuantities() {
        return Stream.of(
                        0L,
                        -1L,
                        0.0,
                        -0.5f,
                        Double.NaN,
                        Double.POSITIVE_INFINITY,
                        BigDecimal.ZERO,
                        new BigDecimal("1e-999999999"),
                        new BigDecimal("1e999999999"),
                        BigInteger.ONE.shiftLeft(1_000),
                        new AtomicLong(-3),
                        null)
                .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("noQuantities")
    void whatIsNoQuantity_isRefused(Number quantity) {
        node.halt("test", null);

        assertRefused(begin(node, "SOL", quantity), "its quantity is no positive number");
        assertThat(asked).hasValue(0);
    }

    @ParameterizedTest
    @MethodSource("quantities")
    void everyKindOfNumber_isRead(Number quantity) {
        node.halt("test", null);

        begin(node, "SOL", quantity).acquire(null);
        assertThat(asked).hasValue(1);
    }

    static Stream<Arguments> quantities() {
        return Stream.of(
                        10L,
                        10,
                        (short) 10,
                        (byte) 10,
                        9.5,
                        9.5f,
                        BigDecimal.TEN,
                        new BigDecimal("1e1"),
                        BigInteger.TEN,
                        new AtomicLong(10))
                .map(Arguments::of);
    }

    @Test
    void unknownPosition_refused() {
        positions = (breaker, instrument) -> null;
        node.halt("test", null);

        assertRefused(sell(node, 1), "the position in SOL is not known");
    }

    @Test
    void viewThatThrows_refused() {
        positions = (breaker, instrument) -> {
            throw new AssertionError("the books are closed");
        };
        node.halt("test", null);

        assertRefused(sell(node, 1), "the position in SOL is not known");
    }

    @Test
    void unknownInstrument_refused() {
        node.halt("test", null);

        assertRefused(begin(node, null, 1L), "its instrument is not known");
        Object nameless = new Object() {
            @Override
            public String toString() {
                throw new IllegalStateException("nameless");
            }
        };
        assertRefused(begin(node, nameless, 1L), "its instrument is not known");
    }

    @Test
    void instrument_cannotForgeALogLine() {
        positions = (breaker, instrument) -> null;
        node.halt("test", null);

        assertRefused(begin(node, "SOL\n2026 INFO all well", 1L), "the position in SOL 2026 INFO all well is");
        assertThatExceptionOfType(TradingPausedException.class)
                .isThrownBy(() -> begin(node, "x".repeat(10_000), 1L).acquire(null))
                .satisfies(refusal -> assertThat(refusal.getMessage()).hasSizeLessThan(400));
    }

    @Test
    void oversized_whileHalfOpenIsATrial() {
        node.trip("test", null);
        time.advance(Duration.ofSeconds(31));
        assertThat(node.state()).isEqualTo(BreakerState.HALF_OPEN);

        sell(node, 1).acquire(null);
        for (int trial = 0; trial < 3; trial++) {
            sell(node, 11).acquire(null);
        }
        assertRefused(sell(node, 11), "11 with 34 in flight is more than the position of 10");
    }

    @Test
    void oversized_whileOnlyWatchingWouldBeRefused() {
        node.mode(BreakerMode.OBSERVE);
        node.trip("test", null);

        sell(node, 11).acquire(null);

        assertThat(node.counters().wouldReject()).isOne();
    }

    @Test
    void pausedWhileLetIn_oversizedRefused() {
        TradingBreaker overtaken = mock(TradingBreaker.class, delegatesTo(node));
        doAnswer(call -> {
                    if (node.state() == BreakerState.CLOSED) {
                        node.halt("in between", null);
                    }
                    return node.acquire(call.getArgument(0), call.getArgument(1), call.getArgument(2));
                })
                .when(overtaken)
                .acquire(any(), any(), any());

        assertRefused(sell(overtaken, 11), "11 is more than the position of 10");
        assertThat(node.counters().inFlight()).isZero();
        node.reset("test", null);
        Permit covered = sell(overtaken, 10).acquire(null);
        assertThat(node.counters().inFlight()).isOne();
        covered.success();
    }

    @Test
    void endedWhileAsked_askedAgain() {
        node.halt("test", null);
        Reductions.Ticket first = sell(node, 6);
        first.acquire(null);
        AtomicLong position = new AtomicLong(10);
        positions = (breaker, instrument) -> {
            if (position.getAndSet(4) == 10) {
                first.run();
                return BigDecimal.valueOf(4);
            }
            return BigDecimal.valueOf(4);
        };

        sell(node, 4).acquire(null);
    }

    @Test
    void together_neverMoreThanThePosition() throws Exception {
        node.halt("test", null);
        int threads = 8;
        ExecutorService sellers = Executors.newFixedThreadPool(threads);
        try {
            for (int round = 0; round < 200; round++) {
                Reductions each = new Reductions(() -> (breaker, instrument) -> BigDecimal.valueOf(5), time::clock);
                CyclicBarrier start = new CyclicBarrier(threads);
                List<Future<Boolean>> sold = new ArrayList<>();
                for (int i = 0; i < threads; i++) {
                    sold.add(sellers.submit(() -> {
                        Reductions.Ticket ticket = begin(each, node, "SOL", 1L);
                        start.await(30, TimeUnit.SECONDS);
                        try {
                            ticket.acquire(null);
                            return true;
                        } catch (TradingPausedException refused) {
                            return false;
                        }
                    }));
                }
                int passed = 0;
                for (Future<Boolean> one : sold) {
                    passed += one.get(30, TimeUnit.SECONDS) ? 1 : 0;
                }
                assertThat(passed).isEqualTo(5);
            }
        } finally {
            sellers.shutdownNow();
        }
    }

    @Test
    void withoutView_nothingIsChecked() {
        Reductions unchecked = new Reductions(() -> null, time::clock);

        assertThat(begin(unchecked, node, "SOL", 1_000L)).isNull();
        assertThat(unchecked.areChecked()).isFalse();
    }

    private Reductions.Ticket sell(TradingBreaker breaker, long quantity) {
        return begin(breaker, "SOL", quantity);
    }

    private Reductions.Ticket begin(TradingBreaker breaker, Object instrument, Number quantity) {
        return begin(reductions, breaker, instrument, quantity);
    }

    private static Reductions.Ticket begin(
            Reductions reductions, TradingBreaker breaker, Object instrument, Number quantity) {
        Guard guard = new Guard(
                ReductionsTests.class.getDeclaredMethods()[0],
                ReductionsTests.class,
                breaker.name(),
                null,
                Intent.REDUCE,
                null,
                false,
                new Reduction(0, 1));
        return reductions.begin(guard, breaker, false, new Object[] {quantity, instrument});
    }

    private static void assertRefused(Reductions.Ticket ticket, String why) {
        assertThatExceptionOfType(TradingPausedException.class)
                .isThrownBy(() -> ticket.acquire(null))
                .withMessageContaining("; not taken for a reduction: ")
                .withMessageContaining(why);
    }
}
