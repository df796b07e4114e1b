package io.tradingbreaker.spring.aop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.reflect.Method;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What a key's expression gives a call, and which of them stop the start. */
@ExtendWith(OutputCaptureExtension.class)
class KeyExpressionTests {

    private static final Endpoint FRA1 = new Endpoint("fra1", Map.of("zone", "eu"), List.of("a", "bb"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "endpoint.host | the key reads endpoint from the call",
                "host | the key reads host from the call",
                "fra1-#host | the key reads fra1 from the call",
                "host() | the key reads host() from the call",
                "#any + endpoint.host | the key reads endpoint from the call",
                "#any ?: host | the key reads host from the call",
                "#endpoint.host.concat(any) | the key reads any from the call",
                "{host} | the key reads host from the call",
                "@endpoints.host | the key asks for the bean @endpoints",
                "#endpoint.host.concat(@region) | the key asks for the bean @region",
                "#hash(#any) | the key names #hash, and the method has no such parameter",
                "#endpiont.host | the key names #endpiont, and the method has no such parameter",
                "#any.![#item] | the key names #item, and the method has no such parameter",
                "#any = 'x' | the key assigns something",
                "#endpoint.host = 'x' | the key assigns something",
                "#any++ | the key assigns something",
            })
    void expressionThatGivesNoCallAKey_stopsTheStart(String key, String reason) {
        assertThatExceptionOfType(InvalidGuardException.class)
                .isThrownBy(() -> expression(key))
                .satisfies(e -> assertThat(e.reason()).startsWith(reason))
                .satisfies(e -> assertThat(e.annotation()).contains(key));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "#endpoint.host | fra1",
                "#p0.tags[zone] | eu",
                "#endpoint.tags['zone'] | eu",
                "#endpoint.names.![length()] | [1, 2]",
                "#endpoint.names.?[length() == 2] | [bb]",
                "#endpoint.names.^[#this == 'a'] | a",
                "{zone: #endpoint.host}['zone'] | fra1",
                "#endpoint?.host?.toUpperCase() | FRA1",
                "#any ?: #endpoint.host | fra1",
                "#root.method.name | quote",
                "method.name + '-' + args.length | quote-2",
                "getMethod().name | quote",
                "#endpoint.host.concat(method.name) | fra1quote",
                "T(java.lang.String).valueOf(#endpoint.host) | fra1",
                "new String('x').concat(#endpoint.host) | xfra1",
                "('text') | text",
                "#endpoint.host matches 'f.*' ? 'eu' : 'us' | eu",
            })
    void expressionThatReadsTheCall_givesItsKey(String key, String expected) {
        assertThat(expression(key).of(this, new Object[] {FRA1, null})).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("withoutText")
    void objectWithoutTextOfItsOwn_isNoKey_andIsSaid(Object any, CapturedOutput output) {
        KeyExpression key = expression("#any");

        assertThat(key.of(this, new Object[] {FRA1, any})).isNull();
        assertThat(key.of(this, new Object[] {FRA1, any})).isNull();

        assertThat(output)
                .containsOnlyOnce("The key #any of " + KeyExpressionTests.class.getName()
                        + ".quote(Endpoint, Object) failed for a call (" + type(any)
                        + " has no toString() of its own)");
    }

    private static String type(Object any) {
        Object plain = any instanceof Optional<?> optional ? optional.orElseThrow() : any;
        return plain.getClass().getName();
    }

    static Stream<Object> withoutText() {
        return Stream.of(new Object(), Optional.of(new Object()), (Runnable) () -> {}, new CompletableFuture<>());
    }

    @ParameterizedTest
    @MethodSource("texts")
    void anyOtherObject_isItsText(@Nullable Object any, @Nullable String expected) {
        assertThat(expression("#any").of(this, new Object[] {FRA1, any})).isEqualTo(expected);
        assertThat(expression("(#any)").of(this, new Object[] {FRA1, any})).isEqualTo(expected);
    }

    static Stream<Object[]> texts() {
        UUID id = new UUID(1, 2);
        return Stream.of(
                new Object[] {"java.lang.String@1f", "java.lang.String@1f"},
                new Object[] {7L, "7"},
                new Object[] {id, id.toString()},
                new Object[] {URI.create("https://a@b"), "https://a@b"},
                new Object[] {Thread.State.NEW, "NEW"},
                new Object[] {new int[] {1, 2}, "{1, 2}"},
                new Object[] {Optional.empty(), null},
                new Object[] {null, null});
    }

    @Test
    void toStringThatThrows_orGivesNull_isNoKey() {
        Object throwing = new Object() {
            @Override
            public String toString() {
                throw new StackOverflowError("made up");
            }
        };

        assertThat(expression("#any").of(this, new Object[] {FRA1, throwing})).isNull();
    }

    private static KeyExpression expression(String key) {
        Method method = method();
        return KeyExpression.parse(key, method, List.of(method), KeyExpressionTests.class);
    }

    private static Method method() {
        try {
            return KeyExpressionTests.class.getDeclaredMethod("quote", Endpoint.class, Object.class);
        } catch (NoSuchMethodException e) {
            throw new AssertionError(e);
        }
    }

    @SuppressWarnings({"unused", "UnusedMethod"})
    void quote(Endpoint endpoint, @Nullable Object any) {}

    public record Endpoint(String host, Map<String, String> tags, List<String> names) {}
}
