package io.tradingbreaker.spring.webhook;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Posts to one URL, following no redirect. Its answers name no secret. Thread-safe. */
final class WebhookClient implements AutoCloseable {

    private final WebhookSettings settings;
    private final ExecutorService worker = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "trading-breaker-webhook-http");
        thread.setDaemon(true);
        return thread;
    });
    private final HttpClient http;
    private final HttpRequest.Builder template;

    WebhookClient(WebhookSettings settings) {
        this.settings = settings;
        http = HttpClient.newBuilder()
                .executor(worker)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(settings.timeout())
                .build();
        template = HttpRequest.newBuilder(withoutUser(settings.url())).setHeader("Content-Type", "application/json");
        String user = settings.url().getUserInfo();
        if (user != null) {
            String encoded = Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
            template.setHeader("Authorization", "Basic " + encoded);
        }
        settings.headers().forEach(template::setHeader);
    }

    /** One attempt, with all of its answer, within the timeout. */
    Answer post(WebhookDelivery delivery) throws InterruptedException {
        HttpRequest request = template.copy()
                .setHeader("Idempotency-Key", delivery.key())
                .POST(HttpRequest.BodyPublishers.ofString(delivery.body()))
                .build();
        CompletableFuture<HttpResponse<Void>> answer = http.sendAsync(request, HttpResponse.BodyHandlers.discarding());
        try {
            return Answer.of(answer.get(settings.timeout().toNanos(), TimeUnit.NANOSECONDS)
                    .statusCode());
        } catch (TimeoutException e) {
            return new Answer(Answer.Kind.FOR_THE_MOMENT, "no answer in time");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            return new Answer(
                    Answer.Kind.FOR_THE_MOMENT,
                    "no answer (" + (cause == null ? e : cause).getClass().getSimpleName() + ")");
        } finally {
            answer.cancel(true); // closes the connection if anything is still to come
        }
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }

    private static URI withoutUser(URI url) {
        try {
            String text = url.getScheme() + "://" + url.getHost()
                    + (url.getPort() < 0 ? "" : ":" + url.getPort())
                    + (url.getRawPath() == null ? "" : url.getRawPath())
                    + (url.getRawQuery() == null ? "" : "?" + url.getRawQuery());
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the parts of a URL make no URL", e);
        }
    }

    /**
     * What came of an attempt.
     *
     * @param text for people
     */
    record Answer(Kind kind, String text) {

        static Answer of(int status) {
            if (status >= 200 && status < 300) {
                return new Answer(Kind.DELIVERED, "HTTP " + status);
            }
            boolean mayPass = status == 429 || status >= 500;
            return new Answer(mayPass ? Kind.FOR_THE_MOMENT : Kind.FOR_GOOD, "HTTP " + status);
        }

        enum Kind {
            DELIVERED,
            /** Worth another attempt. */
            FOR_THE_MOMENT,
            FOR_GOOD
        }
    }
}
