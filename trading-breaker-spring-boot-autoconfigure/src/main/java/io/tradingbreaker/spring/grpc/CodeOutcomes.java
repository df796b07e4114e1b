package io.tradingbreaker.spring.grpc;

import io.grpc.Status;
import io.tradingbreaker.InvalidConfigException;
import io.tradingbreaker.Outcome;
import io.tradingbreaker.TradingPausedException;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What statuses mean: success, nothing, or else a failure. Immutable.
 *
 * @param ignored the codes that mean nothing
 */
record CodeOutcomes(Set<Status.Code> ignored) {

    static final CodeOutcomes DEFAULT = parse(GrpcGuard.IGNORED_STATUS);

    CodeOutcomes {
        ignored = Set.copyOf(ignored);
    }

    /** @throws InvalidConfigException for a code that there is not, or OK */
    static CodeOutcomes parse(List<String> names) {
        Set<Status.Code> codes = EnumSet.allOf(Status.Code.class);
        codes.remove(Status.Code.OK);
        EnumSet<Status.Code> ignored = EnumSet.noneOf(Status.Code.class);
        for (String name : names) {
            String normal = name.strip().toUpperCase(Locale.ROOT).replace('-', '_');
            ignored.add(codes.stream()
                    .filter(code -> code.name().equals(normal))
                    .findFirst()
                    .orElseThrow(() -> new InvalidConfigException("ignored-status", name, "must be among " + codes)));
        }
        return new CodeOutcomes(ignored);
    }

    /**
     * What the end of a call means.
     *
     * @param isGivenUp whether the caller gave it up, as far as the caller knows
     */
    Outcome of(Status status, boolean isGivenUp) {
        if (status.isOk()) {
            return Outcome.SUCCESS;
        }
        // A server's status has no cause: what has one was made here.
        Throwable cause = status.getCause();
        boolean isCancelledHere = status.getCode() == Status.Code.CANCELLED && (isGivenUp || cause != null);
        if (isCancelledHere || cause instanceof TradingPausedException) {
            return Outcome.IGNORED;
        }
        return ignored.contains(status.getCode()) ? Outcome.DISCARDED : Outcome.FAILURE;
    }
}
