package io.tradingbreaker.spring.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tradingbreaker.SwitchPositions;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class H2SwitchStoreTests extends AbstractJdbcSwitchStoreTests {

    @TempDir
    Path folder;

    @Override
    String newDatabase() {
        return Pools.inMemory();
    }

    @Test
    void file_isReadBackByAnotherProcess() {
        String file = "jdbc:h2:file:" + folder.resolve("halts");
        try (Pools first = new Pools()) {
            JdbcSwitchStore before = new JdbcSwitchStore(first.to(file, 2), "default", true);
            before.read();
            before.replace(SwitchPositions.NONE, Halts.version(1, "alice"), List.of());
        }

        assertThat(new JdbcSwitchStore(pools.to(file, 2), "default", false).read())
                .isEqualTo(Halts.version(1, "alice"));
    }

    @Test
    void addressWithPassword_isNotTold() {
        JdbcSwitchStore locked = new JdbcSwitchStore(
                pools.to("jdbc:h2:tcp://desk:hunter2@127.0.0.1:1/halts;PASSWORD=hunter2", 1), "default", true);

        assertThatThrownBy(locked::read)
                .hasMessageStartingWith("the database cannot be used: ")
                .hasMessageNotContaining("hunter2");
    }
}
