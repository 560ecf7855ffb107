/* A static function and variable whose names counter.c has, too. */
static volatile int twin_state;

__attribute__((noinline, used)) static void twin(void)
{
    ++twin_state;
}

void second_twin(void);
void second_twin(void)
{
    twin();
}
