package io.tradingbreaker.spring.webhook;

import io.tradingbreaker.StateChangeListener;
import io.tradingbreaker.Transition;
import io.tradingbreaker.spring.webhook.WebhookClient.Answer.Kind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;

/**
 * Sends transitions to an HTTP server, one after the other, on a thread of its own. What fails for the moment is tried
 * again, with growing waits; where too many wait, the eldest gives way. Thread-safe; never waits for the server.
 *
 * <p>Closing it goes on for 2 s at most; what is left then counts as dropped.
 */
public final class WebhookNotifier implements StateChangeListener, Ordered, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger("io.tradingbreaker.spring");
    private static final Duration FIRST_WAIT = Duration.ofMillis(500);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
    private static final long CLOSING_MILLIS = 2_000;

    private final WebhookSettings settings;
    private final Duration firstWait;
    private final UUID sender = UUID.randomUUID();
    private final WebhookClient client;
    private final List<BiConsumer<String, WebhookResult>> readers = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // Only under the lock.
    private final Deque<WebhookDelivery> waiting = new ArrayDeque<>();
    private @Nullable Thread thread;
    private boolean isClosed;

    public WebhookNotifier(WebhookSettings settings) {
        this(settings, FIRST_WAIT);
    }

    WebhookNotifier(WebhookSettings settings, Duration firstWait) {
        this.settings = settings;
        this.firstWait = firstWait;
        client = new WebhookClient(settings);
    }

    /** Tells what becomes of each delivery from now on, with the breaker's name. */
    public void onResult(BiConsumer<String, WebhookResult> reader) {
        readers.add(reader);
    }

    @Override
    public void onStateChange(Transition transition) {
        if (!settings.states().contains(transition.to())) {
            return;
        }
        WebhookDelivery added = WebhookDelivery.of(transition, sender);
        WebhookDelivery dropped = null;
        lock.lock();
        try {
            if (isClosed) {
                dropped = added;
            } else {
                dropped = waiting.size() >= settings.queueSize() ? waiting.poll() : null;
                waiting.add(added);
                startThread();
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
        if (dropped != null) {
            ended(dropped, WebhookResult.DROPPED);
        }
    }

    /** Before the application's listeners, which may take their time. */
    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE + 20;
    }

    @Override
    public void close() {
        Thread running;
        lock.lock();
        try {
            isClosed = true;
            running = thread;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            if (running != null) {
                running.join(CLOSING_MILLIS);
                running.interrupt();
            }
        } catch (InterruptedException e) {
            running.interrupt();
            Thread.currentThread().interrupt();
        }
        for (WebhookDelivery left = poll(); left != null; left = poll()) {
            ended(left, WebhookResult.DROPPED);
        }
        client.close();
    }

    /** Under the lock. */
    private void startThread() {
        if (thread == null) {
            Thread started = new Thread(this::deliverAll, "trading-breaker-webhook");
            started.setDaemon(true);
            started.start();
            thread = started;
        }
    }

    private void deliverAll() {
        try {
            for (WebhookDelivery next = take(); next != null; next = take()) {
                WebhookResult result = WebhookResult.DROPPED;
                try {
                    result = deliver(next);
                } catch (RuntimeException | Error e) { // such as no more threads: what comes later is still to be told
                    log.debug("Unexpected failure of a webhook", e);
                    result = WebhookResult.FAILED;
                } finally {
                    ended(next, result);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for one; null once there is none and there will be none. */
    private @Nullable WebhookDelivery take() throws InterruptedException {
        lock.lock();
        try {
            while (waiting.isEmpty() && !isClosed) {
                changed.await();
            }
            return waiting.poll();
        } finally {
            lock.unlock();
        }
    }

    private @Nullable WebhookDelivery poll() {
        lock.lock();
        try {
            return waiting.poll();
        } finally {
            lock.unlock();
        }
    }

    private WebhookResult deliver(WebhookDelivery delivery) throws InterruptedException {
        Duration wait = firstWait;
        for (int attempt = 1; ; attempt++) {
            WebhookClient.Answer answer = client.post(delivery);
            if (answer.kind() == Kind.DELIVERED) {
                return WebhookResult.DELIVERED;
            }
            if (answer.kind() == Kind.FOR_GOOD || attempt >= settings.attempts()) {
                log.warn(
                        "The webhook at {} was not told of a transition of breaker '{}': {}, attempt {}",
                        settings.place(),
                        delivery.breaker(),
                        answer.text(),
                        attempt);
                return WebhookResult.FAILED;
            }
            TimeUnit.NANOSECONDS.sleep(wait.toNanos());
            Duration doubled = wait.multipliedBy(2);
            wait = doubled.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : doubled;
        }
    }

    private void ended(WebhookDelivery delivery, WebhookResult result) {
        if (result == WebhookResult.DROPPED) {
            log.warn(
                    "The webhook at {} is not told of a transition of breaker '{}': dropped",
                    settings.place(),
                    delivery.breaker());
        }
        for (BiConsumer<String, WebhookResult> reader : readers) {
            try {
                reader.accept(delivery.breaker(), result);
            } catch (RuntimeException e) {
                log.error("The result of a webhook could not be told", e);
            }
        }
    }
}
