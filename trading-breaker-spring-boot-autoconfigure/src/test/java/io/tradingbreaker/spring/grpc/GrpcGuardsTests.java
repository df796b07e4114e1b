package io.tradingbreaker.spring.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.Intent;
import io.tradingbreaker.InvalidConfigException;
import io.tradingbreaker.test.ManualScheduler;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which calls match which guard. */
class GrpcGuardsTests {

    private final BreakerRegistry registry =
            BreakerRegistry.builder().scheduler(new ManualScheduler()).build();

    private GrpcGuards guards(GrpcGuard... guards) {
        return new GrpcGuards(List.of(guards), () -> registry);
    }

    @ParameterizedTest
    @CsvSource({
        "*, '', a.B/C, x:1",
        "*, '', C, ",
        "a.B/*, '', a.B/C, ",
        "a.B/C, '', a.B/C, x:1",
        "B/C, '', B/C, x:1",
        "*, x, a.B/C, x:1",
        "*, x, a.B/C, x",
        "*, X., a.B/C, x:1",
        "*, x, a.B/C, X.:1",
        "*, x, a.B/C, user@x:1",
        "*, x:1, a.B/C, x:1",
        "*, x:443, a.B/C, x",
        "*, x:80, a.B/C, x",
        "*, *.x, a.B/C, a.b.x:1",
        "*, [::1]:1, a.B/C, [0:0:0:0:0:0:0:1]:1",
        "*, [::1], a.B/C, [::1]",
        "*, bücher.example, a.B/C, xn--bcher-kva.example:1",
    })
    void call_matches(String method, String authority, String called, String at) {
        assertThat(guards(GrpcGuard.of(method).at(authority)).find(called, at)).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({
        "a.B/*, '', a.Bc/C, x:1",
        "a.B/*, '', A.B/C, x:1",
        "a.B/*, '', x/a.B/C, x:1",
        "a.B/C, '', a.B/Cd, x:1",
        "a.B/C, '', a.B/dC, x:1",
        "a.B/C, '', a.B/c, x:1",
        "*, x, a.B/C, y:1",
        "*, x, a.B/C, ",
        "*, x:1, a.B/C, x:2",
        "*, x:1, a.B/C, x",
        "*, x:1, a.B/C, x:one",
        "*, *.x, a.B/C, x:1",
        "*, *.x, a.B/C, evil-x:1",
        "*, x, a.B/C, x@evil:1",
    })
    void otherCall_doesNotMatch(String method, String authority, String called, String at) {
        assertThat(guards(GrpcGuard.of(method).at(authority)).find(called, at)).isNull();
    }

    @Test
    void firstThatMatches_guards() {
        GrpcGuards guards = guards(
                GrpcGuard.of("a.B/C", "first").with(Intent.QUERY),
                GrpcGuard.of("a.B/*", "second").at("*.x:1"),
                GrpcGuard.of("*", "third"));
        assertThat(guards.find("a.B/C", "y:1").breaker().name()).isEqualTo("first");
        assertThat(guards.find("a.B/C", "y:1").intent()).isEqualTo(Intent.QUERY);
        assertThat(guards.find("a.B/D", "a.x:1").breaker().name()).isEqualTo("second");
        assertThat(guards.find("a.B/D", "a.x:2").breaker().name()).isEqualTo("third");
        assertThat(guards.places())
                .extracting(place -> place.breaker() + ": " + place.text())
                .containsExactly("first: gRPC a.B/C", "second: gRPC a.B/* at *.x:1", "third: gRPC *");
    }

    @ParameterizedTest
    @CsvSource({"*, '', a.B/C, x", "a.B/*, '', a.B/C, ''", "a.B/C, *.x, A.B/C, a.x", "*, x, *, x:1", "*, X, *, x."})
    void guardBehindOneThatMatchesAllOfIt_isRefused(String first, String at, String second, String secondAt) {
        GrpcGuard[] both = {GrpcGuard.of(first).at(at), GrpcGuard.of(second).at(secondAt)};
        if (second.startsWith("A")) {
            assertThat(guards(both).places()).hasSize(2);
            return;
        }
        assertThatThrownBy(() -> guards(both))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("must match more than grpc.guards[0]");
    }

    @ParameterizedTest
    @CsvSource({"a.B/*, '', *, ''", "*, x, *, ''", "*, x:1, *, x", "*, a.x, *, *.x", "a.B/C, '', a.B/D, ''"})
    void guardBehindOneThatLeavesSomeOfIt_isTaken(String first, String at, String second, String secondAt) {
        assertThat(guards(GrpcGuard.of(first).at(at), GrpcGuard.of(second).at(secondAt))
                        .places())
                .hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"'', ''", "' ', ''", "GetSlot, ''", "a.B/, ''", "/C, ''", "a.B/C/D, ''", "a b/C, ''", "**, ''"})
    void methodThatIsNone_isRefused(String method, String authority) {
        assertThatThrownBy(() -> guards(GrpcGuard.of(method).at(authority)))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageStartingWith("grpc.guards[0].method is ")
                .hasMessageContaining("must be service/method");
    }

    @ParameterizedTest
    @CsvSource({"u@x", "x/y", "*", "a.*", "x:", "x:0", "x:99999", "[::g]", "x y"})
    void authorityThatIsNone_isRefused(String authority) {
        assertThatThrownBy(() -> guards(GrpcGuard.of("*").at(authority)))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageStartingWith("grpc.guards[0].authority is ");
    }

    @Test
    void statuses_areThoseOfTheBreakersOwnGuards_elseOfAll() {
        GrpcGuards guards = guards(
                new GrpcGuard("a.B/C", "", "node", Intent.QUERY, List.of("not-found")),
                new GrpcGuard("a.B/D", "", "node", Intent.QUERY, List.of("aborted ")),
                new GrpcGuard("*", "", "quotes", Intent.QUERY, List.of("DATA_LOSS")));
        assertThat(guards.statuses("node").ignored())
                .containsExactlyInAnyOrder(Status.Code.NOT_FOUND, Status.Code.ABORTED);
        assertThat(guards.statuses("quotes").ignored()).containsExactly(Status.Code.DATA_LOSS);
        assertThat(guards.statuses("desk").ignored())
                .containsExactlyInAnyOrder(Status.Code.NOT_FOUND, Status.Code.ABORTED, Status.Code.DATA_LOSS);
    }

    @Test
    void registry_askedOnceAndNotBeforeTheFirstCall() {
        AtomicInteger asked = new AtomicInteger();
        GrpcGuards guards = new GrpcGuards(List.of(GrpcGuard.of("*")), () -> {
            asked.incrementAndGet();
            return registry;
        });
        assertThat(asked).hasValue(0);
        for (int i = 0; i < 3; i++) {
            assertThat(guards.find("a.B/C", "x").breaker()).isSameAs(registry.breaker("trading"));
        }
        assertThat(asked).hasValue(1);
    }
}
