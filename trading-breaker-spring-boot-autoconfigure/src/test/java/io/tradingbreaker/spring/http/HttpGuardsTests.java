package io.tradingbreaker.spring.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.Intent;
import io.tradingbreaker.InvalidConfigException;
import io.tradingbreaker.Outcome;
import io.tradingbreaker.test.ManualScheduler;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpMethod;

/** Which requests match which guard, and what statuses mean. */
class HttpGuardsTests {

    private final BreakerRegistry registry =
            BreakerRegistry.builder().scheduler(new ManualScheduler()).build();

    @ParameterizedTest
    @CsvSource({
        "https://api.jup.ag/swap/**, https://api.jup.ag/swap",
        "https://api.jup.ag/swap/**, https://api.jup.ag/swap/",
        "https://api.jup.ag/swap/**, https://api.jup.ag/swap/v1/quote?inputMint=SOL#top",
        "https://api.jup.ag/swap/**, HTTPS://API.Jup.AG/swap",
        "https://api.jup.ag/swap/**, https://api.jup.ag./swap",
        "https://api.jup.ag/swap/**, https://api.jup.ag:443/swap",
        "https://api.jup.ag:443/swap/**, https://api.jup.ag/swap",
        "https://api.jup.ag/swap/**, https://evil.example@api.jup.ag/swap",
        "https://api.jup.ag/swap/**, https://a:b@api.jup.ag:443/swap",
        "https://api.jup.ag/swap/**, https://api.jup.ag/sw%61p/quote",
        "https://api.jup.ag/swap/**, https://api.jup.ag/public/../swap",
        "https://api.jup.ag/swap/**, https://api.jup.ag/public/%2e%2E/swap",
        "https://api.jup.ag/swap/**, https://api.jup.ag/public/..;a=b/swap",
        "https://api.jup.ag/swap/**, https://api.jup.ag//.//swap;a=b//quote",
        "https://api.jup.ag/swap/**, https://api.jup.ag/../../swap",
        "https://api.jup.ag/swap/, https://api.jup.ag/swap",
        "https://api.jup.ag/*/quote, https://api.jup.ag/v%2F1/quote",
        "https://api.jup.ag, https://api.jup.ag",
        "https://api.jup.ag/, https://api.jup.ag/anything",
        "https://api.jup.ag/**, https://api.jup.ag:8443/anything",
        "api.jup.ag, http://api.jup.ag:8080/",
        "api.jup.ag:80, http://api.jup.ag/",
        "*.jup.ag, https://a.b.jup.ag/",
        "*.JUP.ag., https://api.jup.ag/",
        "quote_api:8080, http://quote_api:8080/",
        "quote_api:8080, http://x@Quote%5FApi:8080/",
        "http://[::1]:8899, http://[0:0:0:0:0:0:0:1]:8899/",
        "bücher.example, http://xn--bcher-kva.example/",
        "xn--bcher-kva.example, http://bücher.example/",
    })
    void equalUri_matches(String pattern, String uri) {
        assertThat(guards(pattern).find(HttpMethod.GET, URI.create(uri))).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({
        "https://api.jup.ag/swap/**, https://api.jup.ag/quote",
        "https://api.jup.ag/swap/**, https://api.jup.ag/swapped",
        "https://api.jup.ag/swap/**, https://api.jup.ag/Swap",
        "https://api.jup.ag/swap/**, https://api.jup.ag/swap/../quote",
        "https://api.jup.ag/swap/**, https://api.jup.ag/swap/%2e%2e/quote",
        "https://api.jup.ag/swap, https://api.jup.ag/swap/v1",
        "https://api.jup.ag/swap/**, http://api.jup.ag/swap",
        "https://api.jup.ag/swap/**, https://api.jup.ag@evil.example/swap",
        "https://api.jup.ag/swap/**, https://evil.example/https://api.jup.ag/swap",
        "api.jup.ag:443, https://api.jup.ag:8443/",
        "*.jup.ag, https://jup.ag/",
        "*.jup.ag, https://evil-jup.ag/",
        "*.jup.ag, https://jup.ag.evil.example/",
        "api.jup.ag, https://x.api.jup.ag/",
        "api.jup.ag, /relative",
        "api.jup.ag, mailto:api.jup.ag",
    })
    void otherUri_doesNotMatch(String pattern, String uri) {
        assertThat(guards(pattern).find(HttpMethod.GET, URI.create(uri))).isNull();
    }

    @Test
    void firstThatMatches_guards() {
        HttpGuards guards = new HttpGuards(
                List.of(
                        new HttpGuard("a/x", "first", Set.of("get"), Intent.QUERY, List.of(), List.of()),
                        HttpGuard.of("a/x", "second"),
                        HttpGuard.of("a", "third")),
                () -> registry);
        assertThat(guards.find(HttpMethod.GET, URI.create("http://a/x"))
                        .breaker()
                        .name())
                .isEqualTo("first");
        assertThat(guards.find(HttpMethod.POST, URI.create("http://a/x"))
                        .breaker()
                        .name())
                .isEqualTo("second");
        assertThat(guards.find(HttpMethod.GET, URI.create("http://a/y"))
                        .breaker()
                        .name())
                .isEqualTo("third");
        assertThat(guards.places())
                .extracting(place -> place.breaker() + ": " + place.text())
                .containsExactly("first: HTTP GET a/x", "second: HTTP a/x", "third: HTTP a");
    }

    @Test
    void registry_askedOnceAndNotBeforeTheFirstRequest() {
        AtomicInteger asked = new AtomicInteger();
        HttpGuards guards = new HttpGuards(List.of(HttpGuard.of("a")), () -> {
            asked.incrementAndGet();
            return registry;
        });
        assertThat(asked).hasValue(0);
        for (int i = 0; i < 3; i++) {
            assertThat(guards.find(HttpMethod.GET, URI.create("http://a/")).breaker())
                    .isSameAs(registry.breaker("trading"));
        }
        assertThat(asked).hasValue(1);
    }

    @Test
    void sameGuardForFewerMethods_isRefused() {
        assertThatThrownBy(() -> new HttpGuards(
                        List.of(
                                new HttpGuard("a", "x", Set.of("GET", "PUT"), Intent.QUERY, List.of(), List.of()),
                                new HttpGuard("A.", "y", Set.of("put"), Intent.QUERY, List.of(), List.of())),
                        () -> registry))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("http.guards[1].uri is a, but must match more than http.guards[0]");
        assertThatThrownBy(() -> new HttpGuards(List.of(HttpGuard.of("a"), HttpGuard.of("A.")), () -> registry))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("http.guards[1].uri is a, but must match more than http.guards[0]");
    }

    @ParameterizedTest
    @CsvSource({
        "*.jup.ag, https://api.jup.ag/swap",
        "*.jup.ag, *.api.jup.ag",
        "api.jup.ag, api.jup.ag:443",
        "api.jup.ag/swap, https://api.jup.ag/swap"
    })
    void guardBehindOneThatMatchesAllOfIt_isRefused(String first, String second) {
        assertThatThrownBy(() -> new HttpGuards(List.of(HttpGuard.of(first), HttpGuard.of(second)), () -> registry))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("but must match more than http.guards[0]");
        assertThat(new HttpGuards(List.of(HttpGuard.of(second), HttpGuard.of(first)), () -> registry).places())
                .hasSize(2);
    }

    @Test
    void keyInPath_isNotShown() {
        assertThat(guards("https://a/v2/0123456789abcdef/quote/**").places())
                .extracting(place -> place.text())
                .containsExactly("HTTP https://a/v2/…/quote/**");
        assertThatThrownBy(() -> guards("https://a/v2/0123456789abcdef/?x"))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("https://a/v2/…/?…,");
    }

    @Test
    void secrets_areNotRepeated() {
        assertThatThrownBy(() -> guards("u:secret@a/b@c?key=secret"))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @CsvSource({
        "200, SUCCESS",
        "302, SUCCESS",
        "429, DISCARDED",
        "499, DISCARDED",
        "408, FAILURE",
        "500, FAILURE",
        "501, DISCARDED",
        "599, FAILURE",
        "100, SUCCESS",
        "99, FAILURE",
        "600, FAILURE"
    })
    void status_meansWhatIsSet(int status, Outcome outcome) {
        StatusOutcomes statuses = new StatusOutcomes(List.of("5XX", " 408 "), List.of("4xx", "501"));
        assertThat(statuses.of(status)).isEqualTo(outcome);
    }

    private HttpGuards guards(String pattern) {
        return new HttpGuards(List.of(HttpGuard.of(pattern)), () -> registry);
    }
}
