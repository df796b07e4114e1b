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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
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
    private static final int OTHERS = 9; // the bot's threads and its desk's

    private TradingBreaker a;
    private TradingBreaker b;

    @BeforeEach
    void endpoints() {
        a = breakers.breaker("quotes-a");
        b = breakers.breaker("quotes-b");
        allow(Duration.ofMinutes(1), node);
        // A call that hangs is over this all the same.
        allow(Duration.ofMillis(1500), breakers.breaker("venue"));
        await().until(() ->
                Stream.of(node, breakers.breaker("venue"), a, b).allMatch(breaker -> breaker.state() == CLOSED));
    }

    @Test
    void oneFreezes_everyOrderStillFillsAndFewWaitForIt() throws Exception {
        allow(Duration.ofMinutes(1), b);
        // Nothing but the freeze opens it, and nothing closes it.
        allow(Duration.ofMillis(1500), a);
        keepOpen(a);
        a.reset("begin", null);
        AtomicInteger placed = new AtomicInteger();
        Queue<Integer> others = new ConcurrentLinkedQueue<>();
        AtomicBoolean isOver = new AtomicBoolean();
        CountDownLatch ended = new CountDownLatch(BUYERS);
        ExecutorService buyers = Executors.newFixedThreadPool(BUYERS);
        for (int i = 0; i < BUYERS; i++) {
            buyers.execute(() -> {
                while (!isOver.get()) {
                    buy(placed, others);
                }
                ended.countDown();
            });
        }
        await().until(() -> placed.get() >= 20);

        long sequence = lastSequence(a);
        service.play("freeze", "quotes-a");
        awaitOpen(a, sequence);
        int before = placed.get();
        await().until(() -> placed.get() >= before + 60);
        int hanging = service.get("/simulator/scenario").path("frozen").asInt();
        isOver.set(true);
        assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
        buyers.shutdown();

        log.info("{} orders, {} requests hang", placed.get(), hanging);
        assertThat(others).isEmpty();
        // Who asked as it froze, and once more where this machine was slow to see it.
        assertThat(hanging).isBetween(1, 2 * (BUYERS + OTHERS));
        assertThat(b.state()).isEqualTo(CLOSED);
        assertThat(breakers.breaker("venue").state()).isEqualTo(CLOSED);

        service.play("normal", "quotes-a");
        a.reset("thawed", null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"errors", "rate-limit", "spike"})
    void oneMisbehaves_ordersFillThroughTheOther(String scenario) throws Exception {
        allow(Duration.ofMinutes(1), b);
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

    private void buy(AtomicInteger placed, Queue<Integer> others) {
        try {
            int status = service.post("/orders", ServiceClient.BUY.replace("0.5", "0.001"))
                    .statusCode();
            if (status != 201) {
                others.add(status);
            }
        } catch (Exception e) {
            others.add(0);
        }
        placed.incrementAndGet();
    }
}
