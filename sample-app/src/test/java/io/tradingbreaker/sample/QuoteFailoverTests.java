package io.tradingbreaker.sample;

import static io.tradingbreaker.BreakerState.CLOSED;
import static io.tradingbreaker.BreakerState.OPEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradingbreaker.TradingBreaker;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One quote endpoint fails and the other goes on. */
class QuoteFailoverTests extends AbstractServiceTests {

    private static final Logger log = LoggerFactory.getLogger(QuoteFailoverTests.class);
    private static final int BUYERS = 4;

    private TradingBreaker a;
    private TradingBreaker b;

    @BeforeEach
    void endpoints() {
        a = breakers.breaker("quotes-a");
        b = breakers.breaker("quotes-b");
        await().until(() -> a.state() == CLOSED && b.state() == CLOSED);
    }

    @Test
    void oneFreezes_everyOrderStillFillsWithinASecond() throws Exception {
        Queue<Long> millis = new ConcurrentLinkedQueue<>();
        Queue<Integer> others = new ConcurrentLinkedQueue<>();
        AtomicBoolean isOver = new AtomicBoolean();
        CountDownLatch ended = new CountDownLatch(BUYERS);
        ExecutorService buyers = Executors.newFixedThreadPool(BUYERS);
        for (int i = 0; i < BUYERS; i++) {
            buyers.execute(() -> {
                while (!isOver.get()) {
                    buy(millis, others);
                }
                ended.countDown();
            });
        }
        await().until(() -> millis.size() >= 20);

        service.play("freeze", "quotes-a");
        Duration toOpen = timeTo(OPEN, a);
        int before = millis.size();
        await().until(() -> millis.size() >= before + 60);
        isOver.set(true);
        assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
        buyers.shutdown();

        long slowest = millis.stream().mapToLong(Long::longValue).max().orElseThrow();
        log.info(
                "quotes-a OPEN {} ms after the freeze, slowest of {} orders {} ms",
                toOpen.toMillis(),
                millis.size(),
                slowest);
        assertThat(others).isEmpty();
        assertThat(slowest).isLessThan(1000);
        assertThat(b.state()).isEqualTo(CLOSED);
        assertThat(breakers.breaker("venue").state()).isEqualTo(CLOSED);

        service.play("normal", "quotes-a");
        await().until(() -> a.state() == CLOSED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"errors", "rate-limit", "spike"})
    void oneMisbehaves_ordersFillThroughTheOther(String scenario) throws Exception {
        service.play(scenario, "quotes-a");
        long answered = b.counters().successful();

        for (int i = 0; i < 5; i++) {
            service.place(ServiceClient.BUY);
        }

        await().until(() -> b.counters().successful() > answered);
        assertThat(breakers.breaker("venue").state()).isEqualTo(CLOSED);
    }

    @Test
    void bothFreeze_buysAreRefusedAndCancelsPass() throws Exception {
        String resting = service.place(ServiceClient.RESTING).path("id").asString();
        service.play("freeze", "quotes-a");
        service.play("freeze", "quotes-b");
        await().until(() -> a.state() == OPEN && b.state() == OPEN);

        HttpResponse<String> refused = service.post("/orders", ServiceClient.BUY);

        assertThat(refused.statusCode()).isIn(503, 504);
        assertThat(service.send("DELETE", "/orders/" + resting, null).statusCode())
                .isEqualTo(200);
        assertThat(node.state()).isEqualTo(CLOSED);
        service.play("normal");
        await().until(() -> a.state() == CLOSED && b.state() == CLOSED);
        service.place(ServiceClient.BUY);
    }

    private void buy(Queue<Long> millis, Queue<Integer> others) {
        long began = System.nanoTime();
        try {
            int status = service.post("/orders", ServiceClient.BUY.replace("0.5", "0.001"))
                    .statusCode();
            if (status != 201) {
                others.add(status);
            }
        } catch (Exception e) {
            others.add(0);
        }
        millis.add((System.nanoTime() - began) / 1_000_000);
    }
}
