package io.tradingbreaker.sample.node;

import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.JdkClientHttpRequestFactoryBuilder;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.HttpServerErrorException;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/**
 * HTTP clients made from the application's {@code RestClient.Builder}, each with timeouts of its own. An interrupt ends a
 * call; a POST is never repeated by the client itself. Thread-safe.
 */
public final class HttpClients {

    private final JdkClientHttpRequestFactoryBuilder factories = ClientHttpRequestFactoryBuilder.jdk()
            .withHttpClientCustomizer(client -> client.version(HttpClient.Version.HTTP_1_1));
    private final Supplier<RestClient.Builder> builders;

    /** @param builders a fresh one each time */
    public HttpClients(Supplier<RestClient.Builder> builders) {
        this.builders = builders;
    }

    public RestClient client(URI base, Duration connectTimeout, Duration readTimeout) {
        HttpClientSettings timeouts = HttpClientSettings.defaults().withTimeouts(connectTimeout, readTimeout);
        return builders.get()
                .baseUrl(base.toString())
                .requestFactory(factories.build(timeouts))
                .build();
    }

    /**
     * Makes a call and says in our words how it failed. Addresses may hold keys, so no message repeats one.
     *
     * @param whom who is called, for the message
     */
    public static <T> T call(String whom, Supplier<@Nullable T> call) {
        try {
            T answer = call.get();
            if (answer == null) {
                throw new NodeSilentException(whom + " answered nothing");
            }
            return answer;
        } catch (ResourceAccessException e) {
            throw new NodeSilentException(whom + " did not answer: " + reason(e.getCause()));
        } catch (HttpServerErrorException e) {
            throw new NodeSilentException(
                    whom + " failed with status " + e.getStatusCode().value());
        } catch (HttpClientErrorException.TooManyRequests e) {
            throw new NodeBusyException(whom + " was asked too often");
        } catch (HttpClientErrorException e) {
            throw new NodeRefusedException(whom + " refused the request with status "
                    + e.getStatusCode().value());
        } catch (RestClientException e) {
            throw new NodeSilentException(whom + " gave an answer that cannot be read");
        }
    }

    private static String reason(@Nullable Throwable cause) {
        if (cause instanceof HttpTimeoutException) {
            return "timed out";
        }
        if (cause instanceof InterruptedIOException) {
            return "interrupted";
        }
        return cause == null ? "no reason given" : cause.getClass().getSimpleName();
    }
}
