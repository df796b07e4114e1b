package io.tradingbreaker;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Those who are told of each breaker that is made, once, and of each that is gone, once and after that. Telling keeps a
 * breaker from going. Thread-safe.
 */
final class Watchers {

    private static final Logger log = LoggerFactory.getLogger(BreakerRegistry.class);

    private final List<Watcher> all = new CopyOnWriteArrayList<>();

    /** @param present the breakers there are, as they are read once the watcher is known to those who make more */
    void add(
            Consumer<? super TradingBreaker> made,
            Consumer<? super TradingBreaker> gone,
            Iterable<TradingBreaker> present) {
        Watcher watcher = new Watcher(made, gone, ConcurrentHashMap.newKeySet());
        all.add(watcher);
        present.forEach(watcher::made);
    }

    /** With its parents, which may have been made along with it. */
    void made(TradingBreaker breaker) {
        for (TradingBreaker level = breaker; level != null; level = level.parent()) {
            for (Watcher watcher : all) {
                try {
                    watcher.made(level);
                } catch (RuntimeException | Error e) {
                    log.error("A watcher failed on the new breaker '{}'", level.name(), e);
                }
            }
        }
    }

    /** Of a breaker that is to be found no more. */
    void gone(TradingBreaker breaker) {
        for (Watcher watcher : all) {
            try {
                watcher.gone(breaker);
            } catch (RuntimeException | Error e) {
                log.error("A watcher failed on the breaker '{}', which is gone", breaker.name(), e);
            }
        }
    }

    /** @param told the breakers that it has been told of and that are not gone */
    private record Watcher(
            Consumer<? super TradingBreaker> made, Consumer<? super TradingBreaker> gone, Set<TradingBreaker> told) {

        void made(TradingBreaker breaker) {
            KeyLease lease = breaker instanceof Breaker one ? one.lease() : null;
            if (lease == null) {
                tell(breaker);
            } else if (lease.pin()) {
                try {
                    tell(breaker);
                } finally {
                    lease.unpin();
                }
            }
        }

        private void tell(TradingBreaker breaker) {
            if (told.add(breaker)) {
                made.accept(breaker);
            }
        }

        void gone(TradingBreaker breaker) {
            if (told.remove(breaker)) {
                gone.accept(breaker);
            }
        }
    }
}
