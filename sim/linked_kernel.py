"""Two forms of a kernel: one that Python calls, and one that is linked into other kernels.

By itself numba makes a finished program of every kernel on the way to the one that Python calls: it optimises it, turns
it into machine code, and wraps it for Python twice. Python calls one in ten of our kernels. The others need none of
that, because what is linked into a caller is optimised there again; without it the world compiles in less than half the
time and ticks as fast.
"""

from typing import Any

from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import register_pass
from numba.core.registry import CPUDispatcher
from numba.core.typed_passes import NativeLowering

from sim.kernel_cache import KernelCache, module_cache


class _UnfinishedLibrary(JITCodeLibrary):
    """LLVM code to be linked into callers: simplified, but neither optimised in full nor turned into machine code."""

    def finalize(self) -> None:
        for library in dict.fromkeys(self._linking_libraries):
            self._reload_init.update(library._reload_init)
            self._final_module.link_in(library._get_module_for_linking(), preserve=True)
        passes, builder = self._codegen._module_pass_manager(
            loop_vectorize=False, slp_vectorize=False, opt=self._codegen._opt_level, cost="cheap"
        )
        passes.run(self._final_module, builder)
        self._finalize_dynamic_globals()
        self._finalized = True


@register_pass(mutates_CFG=True, analysis_only=False)
class _Lowering(NativeLowering):
    _name = "lowering_of_a_linked_kernel"

    def run_pass(self, state: Any) -> bool:
        state.library = _UnfinishedLibrary(state.targetctx.codegen(), state.func_id.func_qualname)
        state.flags.no_compile = True
        super().run_pass(state)
        state.targetctx.insert_user_function(state.cr.fndesc, state.cr.fndesc, [state.library])
        state.reload_init.extend(state.library._reload_init)
        return True


class _Compiler(CompilerBase):
    def define_pipelines(self) -> list[Any]:
        pipeline = DefaultPassBuilder.define_nopython_pipeline(self.state)
        pipeline._finalized = False
        pipeline.passes = [(_Lowering if kind is NativeLowering else kind, why) for kind, why in pipeline.passes]
        pipeline.finalize()
        return [pipeline]


class LinkedKernel(CPUDispatcher):
    """The form of a kernel in which other kernels call it."""

    def __init__(self, function: Any, options: dict[str, Any]) -> None:
        options = {**options, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
        super().__init__(function, targetoptions=options, pipeline_class=_Compiler)

    def add_overload(self, cres: Any) -> None:
        self.overloads[tuple(cres.signature.args)] = cres

    def get_overload(self, sig: Any) -> Any:
        return self.overloads[tuple(sig)].fndesc


class Kernel(CPUDispatcher):
    """A kernel; Python and other kernels call it."""

    def __init__(self, function: Any, options: dict[str, Any]) -> None:
        super().__init__(function, targetoptions=options)
        self._linked = LinkedKernel(function, options)
        self.kept = KernelCache(function) if module_cache(function.__module__) else None
        if self.kept:
            self._cache = self.kept  # what `cache=True` does, with a cache of our own

    def compile(self, sig: Any) -> Any:
        try:
            return super().compile(sig)
        finally:
            if self.kept:
                self.kept.finish()

    def get_call_template(self, args: Any, kws: Any) -> Any:
        return self._linked.get_call_template(args, kws)

    def get_overload(self, sig: Any) -> Any:
        return self._linked.get_overload(sig)
