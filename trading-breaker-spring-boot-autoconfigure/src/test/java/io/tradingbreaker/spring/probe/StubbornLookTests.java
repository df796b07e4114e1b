package io.tradingbreaker.spring.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradingbreaker.BreakerClock;
import io.tradingbreaker.RecoveryScheduler;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Looks that do not end when they should, and looks that wait for others, on real threads. */
@Timeout(60)
class StubbornLookTests {

    private final RecoveryScheduler scheduler = RecoveryScheduler.threaded();
    private final SettingsOf settings = new SettingsOf();
    private final AtomicInteger looks = new AtomicInteger();
    private volatile CountDownLatch hang = new CountDownLatch(0);
    private volatile Sight sight = Sight.healthy("");

    private BreakerProbe started() {
        settings.interval = Duration.ofMillis(50);
        settings.latencyLimit = Duration.ofSeconds(5);
        Look look = new Look() {

            @Override
            public Sight look(Duration timeout) {
                looks.incrementAndGet();
                boolean isOver = false;
                while (!isOver) {
                    try {
                        hang.await();
                        isOver = true;
                    } catch (InterruptedException e) {
                        // Stubborn.
                    }
                }
                return sight;
            }

            @Override
            public void close() {}
        };
        ProbeSettings merged = settings.at(List.of(URI.create("http://node")));
        BreakerProbe probe = new BreakerProbe(
                new OpenProbe(merged, List.of(look)),
                Executors::newSingleThreadExecutor,
                scheduler,
                BreakerClock.system(),
                now -> -1);
        probe.start();
        return probe;
    }

    @AfterEach
    void stop() {
        hang.countDown();
        scheduler.close();
    }

    @Test
    void lookThatDoesNotComeBack_isUnhealthyAndNotRepeatedUntilItDoes() {
        settings.requestTimeout = Duration.ofMillis(100);
        BreakerProbe probe = started();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> String.valueOf(probe.background()).startsWith("healthy"));
        hang = new CountDownLatch(1);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> String.valueOf(probe.background()).contains("a look has not come back for 1"));
        int before = looks.get();
        await().atMost(Duration.ofSeconds(30)).until(() -> probe.figures().correctedMillis() > 1_300);
        assertThat(looks).hasValue(before);
        hang.countDown();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> String.valueOf(probe.background()).startsWith("healthy") && looks.get() > before + 2);
        probe.close();
    }

    @Test
    void lookThatWaitsForALongCheck_isNotLost() throws Exception {
        settings.requestTimeout = Duration.ofMillis(100);
        settings.timeout = Duration.ofSeconds(4);
        settings.maxSlotAge = Duration.ofSeconds(3);
        BreakerProbe probe = started();
        await().atMost(Duration.ofSeconds(30)).until(() -> looks.get() > 2);
        sight = Sight.healthyAt(1_000);
        assertThat(probe.check().healthy()).isFalse();
        int before = looks.get();
        await().atMost(Duration.ofSeconds(30)).until(() -> looks.get() > before + 2);
        probe.close();
    }
}
