package io.tradingbreaker.spring.probe;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;

/** {@code probe.type: http}: an endpoint is well that answers with an expected status. Thread-safe. */
public final class HttpLooks implements LookFactory {

    private final ProbeHttp http;

    public HttpLooks(ProbeHttp http) {
        this.http = http;
    }

    @Override
    public String type() {
        return "http";
    }

    @Override
    public Look open(ProbeSettings settings, URI endpoint) {
        HttpRequest request = ProbeHttp.request(settings, endpoint)
                .method(settings.method(), BodyPublishers.noBody())
                .build();
        boolean isDirect = ProbeHttp.isDirect(request.uri());
        return new Look() {

            @Override
            public Sight look(Duration timeout) throws Exception {
                HttpResponse<byte[]> answer = http.send(request, isDirect, timeout);
                if (answer == null) {
                    return Sight.unhealthy("the answer is over 64 KiB");
                }
                String status = "HTTP " + answer.statusCode();
                return settings.expectedStatus().contains(answer.statusCode())
                        ? Sight.healthy(status)
                        : Sight.unhealthy(status);
            }

            @Override
            public void close() {
                // The client is shared.
            }
        };
    }
}
