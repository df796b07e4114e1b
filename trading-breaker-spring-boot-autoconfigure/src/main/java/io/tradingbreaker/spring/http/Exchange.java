package io.tradingbreaker.spring.http;

import io.tradingbreaker.Outcome;
import io.tradingbreaker.Permit;
import io.tradingbreaker.TradingPausedException;
import java.net.SocketTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;

/**
 * One guarded request, from its permit to the end of its answer's body. Thread-safe; whatever comes after the first end
 * does nothing.
 */
final class Exchange {

    private static final int DEEPEST = 16;

    private final Permit permit;
    private final StatusOutcomes statuses;
    private volatile @Nullable Outcome answer;

    Exchange(Permit permit, StatusOutcomes statuses) {
        this.permit = permit;
        this.statuses = statuses;
    }

    /**
     * The status and the headers are here. Ends the call if no body is to come, or if the status says that the call means
     * nothing. Returns whether it goes on.
     */
    boolean answered(HttpMethod method, int status, HttpHeaders headers) {
        Outcome outcome = statuses.of(status);
        answer = outcome;
        if (outcome != Outcome.DISCARDED && hasBody(method, status, headers)) {
            return true;
        }
        end(outcome);
        return false;
    }

    /** The body has been read to its end, or nobody wants to read on. */
    void ended() {
        end(answer);
    }

    /** The caller has given up. A failure that is known already stays one. */
    void cancelled() {
        end(answer == Outcome.FAILURE ? answer : Outcome.IGNORED);
    }

    void failed(Throwable error) {
        if (isCancellation(error)) {
            cancelled();
        } else if (answer == Outcome.FAILURE) {
            permit.failure();
        } else {
            permit.complete(null, error);
        }
    }

    private void end(@Nullable Outcome outcome) {
        if (outcome == Outcome.SUCCESS) {
            permit.success();
        } else if (outcome == Outcome.FAILURE) {
            permit.failure();
        } else if (outcome == Outcome.DISCARDED) {
            permit.discarded();
        } else {
            permit.ignored();
        }
    }

    private static boolean hasBody(HttpMethod method, int status, HttpHeaders headers) {
        return !HttpMethod.HEAD.equals(method)
                && status >= 200
                && status != 204
                && status != 304
                && headers.getContentLength() != 0;
    }

    /** Clients turn an interrupt into an error of theirs; some keep it as the cause, some set the thread's flag. */
    private static boolean isCancellation(Throwable error) {
        Throwable at = error;
        for (int depth = 0; at != null && depth < DEEPEST; depth++) {
            if (at instanceof SocketTimeoutException
                    || at instanceof HttpTimeoutException
                    || at instanceof TradingPausedException) {
                return false;
            }
            if (at instanceof InterruptedException
                    || at instanceof ClosedByInterruptException
                    || at instanceof CancellationException) {
                return true;
            }
            at = at.getCause();
        }
        return Thread.currentThread().isInterrupted();
    }
}
