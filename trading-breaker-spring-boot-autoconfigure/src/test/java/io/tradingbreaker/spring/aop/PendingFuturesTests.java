package io.tradingbreaker.spring.aop;

import static io.tradingbreaker.spring.Calls.assertEnded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.Intent;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.test.ManualScheduler;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Futures that misbehave, and the thread that looks at them. */
class PendingFuturesTests {

    private static final Duration SOON = Duration.ofSeconds(30);

    private final ManualScheduler time = new ManualScheduler();
    private final BreakerRegistry registry =
            BreakerRegistry.builder().clock(time.clock()).scheduler(time).build();
    private final TradingBreaker breaker = registry.breaker("trading");
    private final PendingFutures futures = new PendingFutures(Duration.ofMinutes(5));
    private final CountDownLatch hang = new CountDownLatch(1);

    @AfterEach
    void close() {
        hang.countDown();
        futures.close();
        registry.close();
    }

    @Test
    void givenUpPermit_futureIsAskedNoMore() {
        AtomicInteger asked = new AtomicInteger();
        add(new Odd() {
            @Override
            public boolean isDone() {
                asked.incrementAndGet();
                return false;
            }
        });
        await().atMost(SOON).until(() -> asked.get() > 2);
        time.advance(Duration.ofMinutes(6));
        assertThat(breaker.counters().abandoned()).isOne();
        awaitRound();
        int before = asked.get();
        awaitRound();
        awaitRound();
        assertThat(asked).hasValue(before);
    }

    @Test
    void isDoneThrows_isFailureAndNotTheCallersProblem() {
        add(new Odd() {
            @Override
            public boolean isDone() {
                throw new IllegalStateException("odd");
            }
        });
        assertEnded(breaker, 0, 1, 0);
    }

    @Test
    void isDoneThrowsLater_isFailure() {
        AtomicInteger asked = new AtomicInteger();
        add(new Odd() {
            @Override
            public boolean isDone() {
                if (asked.incrementAndGet() > 3) {
                    throw new StackOverflowError("odd");
                }
                return false;
            }
        });
        awaitRound();
        await().atMost(SOON).until(() -> breaker.counters().inFlight() == 0);
        assertThat(breaker.counters().failed()).isOne();
    }

    @Test
    void hungFuture_doesNotHoldUpOthersForEver() {
        Odd hung = new Odd() {
            @Override
            public boolean isDone() {
                if (Thread.currentThread().getName().startsWith("trading-breaker")) {
                    awaitUninterruptibly(hang);
                }
                return super.isDone();
            }
        };
        Odd behind = new Odd();
        add(hung);
        add(behind);
        behind.run();
        hung.run();
        await().atMost(SOON).until(() -> {
            add(new Odd());
            return breaker.counters().successful() == 1;
        });
        hang.countDown();
        await().atMost(SOON).until(() -> breaker.counters().successful() == 2);
    }

    @Test
    void interruptedCaller_staysInterruptedAndCallEnds() {
        Odd done = new Odd() {
            @Override
            public String get() throws InterruptedException {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                return "done";
            }
        };
        done.run();
        Thread.currentThread().interrupt();
        add(done);
        assertThat(Thread.interrupted()).isTrue();
        await().atMost(SOON).until(() -> breaker.counters().successful() == 1);
    }

    @Test
    void futureThatInterruptsWhoAsks_doesNotHoldUpOthers() {
        add(new Odd() {
            @Override
            public boolean isDone() {
                if (Thread.currentThread().getName().startsWith("trading-breaker")) {
                    Thread.currentThread().interrupt();
                }
                return false;
            }
        });
        awaitRound();
        assertThat(breaker.counters().inFlight()).isOne();
    }

    @Test
    void idleThread_endsAndIsStartedAgain() {
        try (PendingFutures impatient = new PendingFutures(Duration.ofMillis(20))) {
            for (int i = 0; i < 3; i++) {
                AtomicReference<Thread> asking = new AtomicReference<>();
                Odd task = new Odd() {
                    @Override
                    public boolean isDone() {
                        if (Thread.currentThread().getName().startsWith("trading-breaker")) {
                            asking.set(Thread.currentThread());
                        }
                        return super.isDone();
                    }
                };
                impatient.add(task, breaker.acquire(Intent.OPEN_RISK), null);
                await().atMost(SOON).until(() -> asking.get() != null);
                assertThat(asking.get().isDaemon()).isTrue();
                task.run();
                await().atMost(SOON).until(() -> !asking.get().isAlive());
            }
        }
        assertEnded(breaker, 3, 0, 0);
    }

    @Test
    void closed_threadEndsThoughFuturesArePending() {
        AtomicReference<Thread> asking = new AtomicReference<>();
        add(new Odd() {
            @Override
            public boolean isDone() {
                if (Thread.currentThread().getName().startsWith("trading-breaker")) {
                    asking.set(Thread.currentThread());
                }
                return false;
            }
        });
        await().atMost(SOON).until(() -> asking.get() != null);
        futures.close();
        await().atMost(SOON).until(() -> !asking.get().isAlive());
    }

    @Test
    void close_endsTheThreadThatIsIdle() {
        AtomicReference<Thread> asking = new AtomicReference<>();
        add(new Odd() {
            @Override
            public boolean isDone() {
                boolean isWatched = Thread.currentThread().getName().startsWith("trading-breaker");
                if (isWatched) {
                    asking.set(Thread.currentThread());
                }
                return isWatched;
            }

            @Override
            public String get() {
                return "done";
            }
        });
        await().atMost(SOON).until(() -> asking.get() != null && asking.get().getState() == Thread.State.TIMED_WAITING);
        futures.close();
        await().atMost(SOON).until(() -> !asking.get().isAlive());
    }

    private void add(Odd future) {
        futures.add(future, breaker.acquire(Intent.OPEN_RISK), null);
    }

    /** A future that is added now has been looked at, and so has every one before it. */
    private void awaitRound() {
        AtomicInteger asked = new AtomicInteger();
        TradingBreaker other = registry.breaker("other");
        futures.add(
                new Odd() {
                    @Override
                    public boolean isDone() {
                        return asked.incrementAndGet() > 2;
                    }

                    @Override
                    public String get() throws InterruptedException {
                        if (Thread.interrupted()) {
                            throw new InterruptedException();
                        }
                        return "done";
                    }
                },
                other.acquire(Intent.QUERY),
                null);
        await().atMost(SOON).until(() -> other.counters().inFlight() == 0);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        boolean wasInterrupted = false;
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                wasInterrupted = true;
            }
        }
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static class Odd extends FutureTask<String> {

        Odd() {
            super(() -> "done");
        }
    }
}
