package io.tradingbreaker;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** A process of its own that halts and resumes breakers with a store in a file, and says what it does line by line. */
final class StoreHarness {

    static final List<String> BREAKERS = List.of("a", "b", "c", "d");

    private StoreHarness() {}

    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[1]);
        switch (arguments[0]) {
            case "operate" -> operate(file, new Random(Long.parseLong(arguments[2])));
            case "fill" -> fill(file);
            case "lock-out" -> lockOut(file);
            case "start" -> start(file);
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    /** Prints what is halted at first, and then each operation before it begins and after it was acknowledged. */
    private static void operate(Path file, Random random) throws Exception {
        try (BreakerRegistry registry = registry(file)) {
            say("began " + halted(registry));
            if (random.nextBoolean()) {
                run(registry, "", random.nextLong());
                return;
            }
            Thread[] threads = new Thread[BREAKERS.size()];
            for (int i = 0; i < threads.length; i++) {
                String own = BREAKERS.get(i);
                long seed = random.nextLong();
                threads[i] = new Thread(() -> run(registry, own, seed));
                threads[i].start();
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }

    /** @param own the only breaker that is operated; all of them, and all at once, if empty */
    private static void run(BreakerRegistry registry, String own, long seed) {
        Random random = new Random(seed);
        for (; ; ) {
            String breaker = own.isEmpty() ? BREAKERS.get(random.nextInt(BREAKERS.size())) : own;
            String scope = own.isEmpty() && random.nextInt(4) == 0 ? "*" : breaker;
            boolean isHalt = random.nextBoolean();
            String operation = (isHalt ? "halt " : "reset ") + scope;
            say("asked " + operation);
            operate(registry, scope, isHalt);
            say("acked " + operation);
        }
    }

    private static void operate(BreakerRegistry registry, String scope, boolean isHalt) {
        if (scope.equals("*")) {
            if (isHalt) {
                registry.halt("all of them", "alice");
            } else {
                registry.reset("all of them", "bob");
            }
        } else if (isHalt) {
            registry.breaker(scope).halt("this one", "alice");
        } else {
            registry.breaker(scope).reset("this one", "bob");
        }
    }

    /** Halts one breaker after the other with long reasons, while files may not grow. */
    private static void fill(Path file) throws IOException {
        try (BreakerRegistry registry = registry(file)) {
            for (int i = 0; i < 12; i++) {
                tell(registry, "b" + i, "x".repeat(200));
            }
        }
    }

    /** Halts a breaker in a folder that has become read-only, and waits until that is stored after all. */
    private static void lockOut(Path file) throws IOException {
        Path folder = file.getParent();
        try (BreakerRegistry registry = registry(file)) {
            tell(registry, "a", "before");
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-xr-xr-x"));
            tell(registry, "b", "meanwhile");
            say("pending " + registry.storeStatus().isPending("b"));
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> !registry.storeStatus().isPending());
            say("stored");
        }
    }

    private static void start(Path file) throws IOException {
        try (BreakerRegistry registry = registry(file)) {
            say("began " + halted(registry));
            say(registry.breaker("a").snapshot().transitions().get(0).reason().message());
        }
    }

    private static void tell(BreakerRegistry registry, String breaker, String reason) {
        String end = "stored";
        try {
            registry.breaker(breaker).halt(reason, "alice");
        } catch (SwitchStoreException e) {
            end = e.getMessage();
        }
        say(breaker + " " + registry.breaker(breaker).state() + " " + end);
    }

    private static BreakerRegistry registry(Path file) {
        BreakerRegistryBuilder builder = BreakerRegistry.builder().store(new FileSwitchStore(file));
        BREAKERS.forEach(name -> builder.breaker(name, BreakerConfig.DEFAULT));
        return builder.build();
    }

    private static String halted(BreakerRegistry registry) {
        return registry.breakers().stream()
                .filter(breaker -> breaker.state() == BreakerState.HALTED)
                .map(TradingBreaker::name)
                .collect(Collectors.joining(","));
    }

    /** One line by one write, so that it is there whole or not at all. */
    private static void say(String line) {
        PrintStream out = System.out;
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        out.write(bytes, 0, bytes.length);
        out.flush();
    }
}
