package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which exceptions are looked into, where IOException is ignored. */
class WrappedExceptionTests {

    static List<Arguments> exceptions() {
        IOException cause = new IOException();
        return List.of(
                Arguments.of(new CompletionException(cause), Outcome.IGNORED),
                Arguments.of(new ExecutionException(new CompletionException(cause)), Outcome.IGNORED),
                Arguments.of(new UndeclaredThrowableException(cause), Outcome.IGNORED),
                Arguments.of(new CompletionException("no cause", null), Outcome.FAILURE),
                Arguments.of(new IllegalStateException(cause), Outcome.FAILURE));
    }

    @ParameterizedTest
    @MethodSource("exceptions")
    void onlyWrappersOfTheJdk_areTakenOff(Exception error, Outcome outcome) {
        BreakerConfig config = BreakerConfig.DEFAULT.with(c -> c.ignoreExceptions(List.of(IOException.class)));
        assertThat(new Classification("trading", () -> config, List::of).of(null, error))
                .isEqualTo(outcome);
    }
}
