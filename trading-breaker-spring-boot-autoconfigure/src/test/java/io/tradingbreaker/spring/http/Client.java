package io.tradingbreaker.spring.http;

import java.net.http.HttpClient;
import java.time.Duration;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.netty.resources.ConnectionProvider;

/** The clients that can be guarded. Each throws what its user would get. */
enum Client {
    REST_CLIENT_JDK {
        @Override
        String send(HttpMethod method, String url, HttpGuards guards, Duration timeout) {
            return exchanged(jdk(timeout), method, url, guards);
        }
    },
    REST_CLIENT_SIMPLE {
        @Override
        String send(HttpMethod method, String url, HttpGuards guards, Duration timeout) {
            return exchanged(simple(timeout), method, url, guards);
        }
    },
    REST_TEMPLATE {
        @Override
        String send(HttpMethod method, String url, HttpGuards guards, Duration timeout) {
            RestTemplate template = new RestTemplate(simple(timeout));
            template.getInterceptors().add(new HttpGuardInterceptor(guards));
            return template.exchange(url, method, null, String.class).getBody();
        }
    },
    WEB_CLIENT {
        @Override
        String send(HttpMethod method, String url, HttpGuards guards, Duration timeout) {
            return webClient(guards, timeout)
                    .method(method)
                    .uri(url)
                    .retrieve()
                    .bodyToMono(String.class)
                    .block(Duration.ofSeconds(60));
        }
    };

    static final Duration PATIENT = Duration.ofSeconds(30);

    /** Answers with the body. */
    abstract String send(HttpMethod method, String url, HttpGuards guards, Duration timeout);

    String get(String url, HttpGuards guards) {
        return send(HttpMethod.GET, url, guards, PATIENT);
    }

    static WebClient webClient(HttpGuards guards, Duration timeout) {
        reactor.netty.http.client.HttpClient client = reactor.netty.http.client.HttpClient.create(
                        ConnectionProvider.newConnection())
                .responseTimeout(timeout);
        return WebClient.builder()
                .clientConnector(new ReactorClientHttpConnector(client))
                .filter(new HttpGuardFilter(guards))
                .build();
    }

    static RestClient.Builder restClient(ClientHttpRequestFactory factory, HttpGuards guards) {
        return RestClient.builder().requestFactory(factory).requestInterceptor(new HttpGuardInterceptor(guards));
    }

    static ClientHttpRequestFactory jdk(Duration timeout) {
        JdkClientHttpRequestFactory factory = new JdkClientHttpRequestFactory(
                HttpClient.newBuilder().connectTimeout(PATIENT).build());
        factory.setReadTimeout(timeout);
        return factory;
    }

    static ClientHttpRequestFactory simple(Duration timeout) {
        SimpleClientHttpRequestFactory factory = new SimpleClientHttpRequestFactory();
        factory.setConnectTimeout((int) PATIENT.toMillis());
        factory.setReadTimeout((int) timeout.toMillis());
        return factory;
    }

    static String exchanged(ClientHttpRequestFactory factory, HttpMethod method, String url, HttpGuards guards) {
        return restClient(factory, guards)
                .build()
                .method(method)
                .uri(url)
                .retrieve()
                .body(String.class);
    }
}
